package network.tachi.indexer;

import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;

/**
 * Where an event stands.
 *
 * @param chain the chain
 * @param block the block
 * @param logIndex the log's place among the block's logs
 * @param transaction the hash of its transaction, as the node gives it: the receipts root does not
 *     cover it
 * @param transactionIndex the transaction's place in the block
 * @param contract the contract that logged it
 * @param verifiedBy how the log was proven
 */
record EventPosition(
    ChainId chain,
    BlockPoint block,
    int logIndex,
    Hash transaction,
    int transactionIndex,
    Address contract,
    VerifiedBy verifiedBy) {}
