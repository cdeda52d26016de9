package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.FOLLOWED_CONTRACT;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.store.jooq.chain.tables.records.FollowedContractRecord;
import org.jooq.DSLContext;

/** Which contracts a chain was indexed for, as the store remembers it. */
final class FollowedContractRows {
  private final ChainId chain;
  private final FollowedContracts contracts;

  FollowedContractRows(ChainId chain, FollowedContracts contracts) {
    this.chain = chain;
    this.contracts = contracts;
  }

  /**
   * Compares what is to be followed with what was.
   *
   * @param head the highest indexed block
   * @return whether both are the same
   * @throws ContractAddedException if a contract was not followed in blocks that are indexed
   */
  boolean areStored(DSLContext tx, long head) {
    Map<Address, FollowedContract> stored = rows(tx, chain);
    for (FollowedContract contract : contracts.all()) {
      FollowedContract before = stored.get(contract.address());
      boolean covered =
          before != null
              && before.kind() == contract.kind()
              && before.startBlock() <= contract.startBlock();
      if (!covered && contract.startBlock() <= head) {
        throw new ContractAddedException(chain, contract, head);
      }
    }
    return stored.size() == contracts.all().size() && stored.values().containsAll(contracts.all());
  }

  /** The contracts that a chain was indexed for; empty if it was not. */
  static Optional<FollowedContracts> stored(DSLContext tx, ChainId chain) {
    Map<Address, FollowedContract> stored = rows(tx, chain);
    return stored.isEmpty()
        ? Optional.empty()
        : Optional.of(new FollowedContracts(stored.values()));
  }

  private static Map<Address, FollowedContract> rows(DSLContext tx, ChainId chain) {
    return tx.selectFrom(FOLLOWED_CONTRACT)
        .where(FOLLOWED_CONTRACT.CHAIN_ID.eq(chain.value()))
        .fetchMap(FOLLOWED_CONTRACT.CONTRACT, FollowedContractRows::contract);
  }

  private static FollowedContract contract(FollowedContractRecord row) {
    return new FollowedContract(
        row.getContract(), ContractKind.valueOf(row.getKind()), row.getStartBlock());
  }

  /** Makes the store remember what is followed now. */
  void write(DSLContext tx) {
    tx.deleteFrom(FOLLOWED_CONTRACT).where(FOLLOWED_CONTRACT.CHAIN_ID.eq(chain.value())).execute();
    List<FollowedContractRecord> rows =
        contracts.all().stream()
            .map(contract ->
                new FollowedContractRecord()
                    .with(FOLLOWED_CONTRACT.CHAIN_ID, chain.value())
                    .with(FOLLOWED_CONTRACT.CONTRACT, contract.address())
                    .with(FOLLOWED_CONTRACT.KIND, contract.kind().name())
                    .with(FOLLOWED_CONTRACT.START_BLOCK, contract.startBlock()))
            .toList();
    tx.batchInsert(rows).execute();
  }
}
