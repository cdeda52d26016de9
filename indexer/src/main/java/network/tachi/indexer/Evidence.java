package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.rpc.Log;

/**
 * Logs of a block, at least those of the followed contracts.
 *
 * @param verifiedBy how they are proven, if the header is
 * @param logs in the order of the block
 */
record Evidence(VerifiedBy verifiedBy, List<Log> logs) {}
