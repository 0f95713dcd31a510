/** Serves the generated feeds from a process of its own, so that serving is nobody's cost but the machine's. */
import { startFeedServer } from '../../support/feed-server.ts';

const [feeds, itemsPerFeed] = process.argv.slice(2).map(Number);
const server = await startFeedServer({ feeds: feeds ?? 1, itemsPerFeed: itemsPerFeed ?? 50, incidentShare: 0.03 });
// Every body is made before anybody is timed.
for (const url of server.urls) await (await fetch(url)).arrayBuffer();
process.stdout.write(`${JSON.stringify({ urls: server.urls })}\n`);
process.on('disconnect', () => process.exit(0));
