package network.tachi.contracts.wire;

import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.WordBuffer;

/**
 * What an epoch commits to (wire.md section 3). The {@code long} numbers are unsigned.
 *
 * @param logSize number of lines of the usage log
 * @param logRoot root of the log at that size
 * @param licenseCount leaves of the credit tree
 * @param creditRoot hash of the credit tree's root
 * @param crawlerCount leaves of the debit tree
 * @param debitRoot hash of the debit tree's root
 * @param totalCredit sum of the credit tree
 * @param totalDebit sum of the debit tree
 * @param rulesHash hash over the policies in force
 * @param dataCommitment hash of the settlement file
 * @param closedAt timestamp of a block of the settlement chain, in seconds
 */
public record EpochBody(
    long logSize,
    Hash logRoot,
    long licenseCount,
    Hash creditRoot,
    long crawlerCount,
    Hash debitRoot,
    UsdcAmount totalCredit,
    UsdcAmount totalDebit,
    Hash rulesHash,
    Hash dataCommitment,
    long closedAt) {
  /** The EIP-712 type hash. */
  public static final Hash TYPE_HASH =
      Eip712.typeHash(
          "EpochBody(uint64 logSize,bytes32 logRoot,uint64 licenseCount,bytes32 creditRoot,"
              + "uint64 crawlerCount,bytes32 debitRoot,uint128 totalCredit,uint128 totalDebit,"
              + "bytes32 rulesHash,bytes32 dataCommitment,uint64 closedAt)");

  /** The number of words of the ABI encoding. */
  public static final int WORDS = 11;

  /** The body of an epoch with the given log and settlement. */
  public static EpochBody of(
      long logSize, Hash logRoot, SettlementTrees trees, Hash rulesHash, long closedAt) {
    SumNode credit = trees.credit().root();
    SumNode debit = trees.debit().root();
    return new EpochBody(
        logSize,
        logRoot,
        trees.credit().count(),
        credit.hash(),
        trees.debit().count(),
        debit.hash(),
        credit.sum(),
        debit.sum(),
        rulesHash,
        trees.dataCommitment(),
        closedAt);
  }

  /** The credit tree's root: hash and sum. */
  public SumNode credit() {
    return new SumNode(creditRoot, totalCredit);
  }

  /** The debit tree's root: hash and sum. */
  public SumNode debit() {
    return new SumNode(debitRoot, totalDebit);
  }

  /** The {@code bodyHash}. */
  public Hash structHash() {
    return writeTo(WordBuffer.struct(TYPE_HASH, WORDS)).keccak();
  }

  /** Writes the {@link #WORDS} words of {@code abi.encode} to a buffer. */
  public WordBuffer writeTo(WordBuffer words) {
    return words
        .uint64(logSize)
        .hash(logRoot)
        .uint64(licenseCount)
        .hash(creditRoot)
        .uint64(crawlerCount)
        .hash(debitRoot)
        .amount(totalCredit)
        .amount(totalDebit)
        .hash(rulesHash)
        .hash(dataCommitment)
        .uint64(closedAt);
  }
}
