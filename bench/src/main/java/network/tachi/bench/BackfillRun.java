package network.tachi.bench;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What all contenders of a run share.
 *
 * @param postgres the database server
 * @param node serves the chain
 * @param blocks how long the chain is
 * @param expected what must be stored in the end
 * @param folder for logs and files
 * @param limit how long a contender may take
 */
record BackfillRun(
    BenchPostgres postgres,
    ReplayProcess node,
    long blocks,
    Expected expected,
    Path folder,
    Duration limit) {}
