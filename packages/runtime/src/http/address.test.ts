import { describe, expect, it } from 'vitest';
import { addressReach, checkLiteral, guardedLookup } from './address.ts';

describe('addressReach', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['2400:3200::1', 'public'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['127.0.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['::1', 'private'],
    ['fd12::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'private'],
    ['::ffff:169.254.169.254', 'never'],
    ['0.0.0.0', 'never'],
    ['169.254.169.254', 'never'],
    ['100.100.100.200', 'never'],
    ['192.0.0.192', 'never'],
    ['fd00:ec2::254', 'never'],
    ['198.18.0.1', 'never'],
    ['203.0.113.1', 'never'],
    ['224.0.0.1', 'never'],
    ['240.0.0.1', 'never'],
    ['255.255.255.255', 'never'],
    ['::', 'never'],
    ['::808:808', 'never'],
    ['fe80::1', 'never'],
    ['fe80::1%eth0', 'never'],
    ['fec0::1', 'never'],
    ['ff02::1', 'never'],
    ['64:ff9b::808:808', 'never'],
    ['64:ff9b:1::1', 'never'],
    ['2002:7f00:1::', 'never'],
    ['2001:0:1::1', 'never'],
    ['2001:db8::1', 'never'],
    ['not an address', 'never'],
  ] as const)('%s is %s', (address, reach) => {
    expect(addressReach(address)).toBe(reach);
  });
});

describe('checkLiteral', () => {
  const refused = (url: string, allowPrivate = false) => {
    try {
      checkLiteral(new URL(url).hostname, allowPrivate, addressReach);
      return false;
    } catch (error) {
      expect(error).toMatchObject({ code: 'address-private' });
      return true;
    }
  };

  it.each([
    'http://0177.0.0.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://127.1/',
    'http://[::ffff:7f00:1]/',
    'http://①②⑦.0.0.1/',
  ])('sees through %s', (url) => {
    expect(refused(url)).toBe(true);
  });

  it('lets public addresses and names pass', () => {
    expect(refused('http://8.8.8.8/')).toBe(false);
    expect(refused('http://news.example/')).toBe(false);
  });

  it('lets nobody reach metadata services, permission or not', () => {
    expect(refused('http://127.0.0.1/', true)).toBe(false);
    expect(refused('http://169.254.169.254/', true)).toBe(true);
  });
});

describe('guardedLookup', () => {
  const ask = (addresses: { address: string; family: 4 | 6 }[], all: boolean) =>
    new Promise((done) => {
      guardedLookup(() => Promise.resolve(addresses), false, addressReach)('h.example', { all }, (error, address, family) =>
        done(error ? { error } : { address, family }),
      );
    });

  it('hands over the addresses it has checked', async () => {
    const list = [{ address: '8.8.8.8', family: 4 as const }];
    expect(await ask(list, true)).toMatchObject({ address: list });
    expect(await ask(list, false)).toMatchObject({ address: '8.8.8.8', family: 4 });
  });

  it('refuses a name with one bad address among good ones', async () => {
    const mixed = [
      { address: '8.8.8.8', family: 4 as const },
      { address: '10.0.0.1', family: 4 as const },
    ];
    expect(await ask(mixed, true)).toMatchObject({ error: { code: 'address-private' } });
  });

  it('fails on a name without addresses', async () => {
    expect(await ask([], true)).toMatchObject({ error: { code: 'ENODATA' } });
  });
});
