/**
 * PostgreSQL settings of the embedded server, for two cores and a few gigabytes beside everything else. They are given
 * on the command line at each start, so that a new version of the product brings its own and none can be left behind in
 * an old cluster. Who wants to tune a server runs one and sets DATABASE_URL.
 */
const settings: Readonly<Record<string, string>> = {
  // Reached through loopback only. No unix socket: the data folder's path may be longer than a socket's 107 bytes.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  // A row is the truth of this product: an answered commit is on disk.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '60',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  min_wal_size: '256MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  wal_buffers: '16MB',
  random_page_cost: '1.1',
  io_workers: '2',
  // Our queries are short; compiling them costs more than it saves.
  jit: 'off',
  // Nobody replicates from or to this server.
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '1',
  // Containers give /dev/shm 64 MB; files in the data folder have no such bound.
  dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
  // Small hot tables (queue, outbox, due times) gather dead rows in minutes.
  autovacuum_naptime: '15s',
  autovacuum_max_workers: '2',
  autovacuum_vacuum_threshold: '200',
  autovacuum_vacuum_scale_factor: '0.02',
  autovacuum_analyze_scale_factor: '0.02',
  autovacuum_vacuum_cost_limit: '1000',
  // A killed client's long query is dropped, its locks with it.
  client_connection_check_interval: process.platform === 'linux' ? '5s' : '0',
  timezone: 'UTC',
  // Into <cluster>/log; whoever opens the server keeps the newest few (see pruneLogs), so it stays under 100 MB.
  logging_collector: 'on',
  log_directory: 'log',
  log_filename: 'postgresql-%Y%m%d-%H%M%S.log',
  log_rotation_age: '1d',
  log_rotation_size: '10MB',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
  // A failing statement's text may hold an item's text, which no log may (boundaries: redacted, short memory).
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_parameter_max_length_on_error: '0',
};

/** The settings as arguments of the `postgres` program. */
export function settingArguments(): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
