import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface SmtpReceiver {
  port: number;
  /** Mails taken, as a reader's program would show them, with the envelope's recipients. */
  mails: { mail: ParsedMail; to: string[] }[];
  /** Connections made, whatever came of them. */
  connections(): number;
  close(): Promise<void>;
}

/** What a mail server answers to a recipient; null takes it. */
export type Reply = { code: number; text: string } | null;

export interface SmtpReceiverOptions {
  /** Answers to each recipient in turn of the conversation; the attempt counts from 1. */
  recipient?: (address: string, attempt: number) => Reply;
  /** Who may log in. Absent: no login. */
  login?: { user: string; password: string };
  tls?: { key: string; cert: string };
  /** TLS from the first byte instead of STARTTLS. */
  secure?: boolean;
}

/** A real SMTP server on loopback that can put off, refuse, ask for a login, and speak TLS. */
export async function startSmtpReceiver(options: SmtpReceiverOptions = {}): Promise<SmtpReceiver> {
  const mails: SmtpReceiver['mails'] = [];
  const attempts = new Map<string, number>();
  let connections = 0;
  const { login, tls, secure = false } = options;
  const settings: SMTPServerOptions = {
    secure,
    ...(tls ?? {}),
    authOptional: login === undefined,
    allowInsecureAuth: true,
    disabledCommands: [...(login ? [] : ['AUTH']), ...(tls && !secure ? [] : ['STARTTLS'])],
    logger: false,
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password ? done(null, { user: username }) : done(new Error('Invalid login')),
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onRcptTo: ({ address }, _session, done) => {
      const attempt = (attempts.get(address) ?? 0) + 1;
      attempts.set(address, attempt);
      const reply = options.recipient?.(address, attempt) ?? null;
      done(reply === null ? undefined : Object.assign(new Error(reply.text), { responseCode: reply.code }));
    },
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then(
        (mail) => {
          mails.push({ mail, to: envelope.rcptTo.map(({ address }) => address) });
          done(null, 'queued as 1');
        },
        (error: Error) => done(error),
      );
    },
  };
  const server = new SMTPServer(settings);
  // A client that leaves in the middle of a handshake is part of the tests.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A server that says `lines` in turn, one for every line it is told, and then nothing more. */
export async function startScriptedSmtp(lines: readonly string[]): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    sockets.add(socket);
    const left = [...lines];
    const next = () => {
      const line = left.shift();
      if (line !== undefined) socket.write(`${line}\r\n`);
    };
    socket.on('error', () => {}).on('data', next);
    next();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
