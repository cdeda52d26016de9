package network.tachi.testkit.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.RlpWriter;

/**
 * A planned transaction with all its fields, encoded as the transactions root has it. The signature
 * is invented: no indexer recovers senders, and a real one would cost more than all the rest.
 *
 * @param plan what it does
 * @param chain the chain it is for
 * @param nonce of the sender
 * @param input call data
 * @param yParity of the signature
 * @param r of the signature; for a deposit its source hash
 * @param s of the signature
 * @param raw its encoding
 * @param hash of the encoding
 */
record SignedPlan(
    PlannedTransaction plan,
    ChainId chain,
    long nonce,
    Bytes input,
    int yParity,
    Hash r,
    Hash s,
    Bytes raw,
    Hash hash) {
  static final long DEPOSIT_VERSION = 1;
  static final long GAS_LIMIT = 3_000_000;
  static final long PRIORITY_FEE = 1_000_000;
  static final long MAX_FEE = 100_000_000;

  private static final int EIP_155 = 35;

  /**
   * Completes a planned transaction.
   *
   * @param random the same one gives the same transaction
   */
  static SignedPlan of(PlannedTransaction plan, ChainId chain, SplittableRandom random) {
    long nonce = random.nextLong(1L << 40);
    byte[] call = new byte[36];
    random.nextBytes(call);
    int yParity = random.nextInt(2);
    Hash r = RandomValues.hash(random);
    Hash s = RandomValues.hash(random);
    SignedPlan draft =
        new SignedPlan(plan, chain, nonce, Bytes.wrap(call), yParity, r, s, Bytes.EMPTY, Hash.ZERO);
    Bytes raw = Bytes.wrap(draft.encode());
    return new SignedPlan(plan, chain, nonce, draft.input, yParity, r, s, raw, raw.keccak());
  }

  private byte[] encode() {
    RlpWriter out = new RlpWriter();
    if (plan.kind() != PlannedTransaction.Kind.LEGACY) {
      out.encoded(new byte[] {(byte) plan.kind().type()});
    }
    out.beginList();
    switch (plan.kind()) {
      case LEGACY -> out.uint(nonce).uint(MAX_FEE).uint(GAS_LIMIT).address(plan.to());
      case ACCESS_LIST ->
          out.uint(chain.value()).uint(nonce).uint(MAX_FEE).uint(GAS_LIMIT).address(plan.to());
      case DYNAMIC_FEE ->
          out.uint(chain.value())
              .uint(nonce)
              .uint(PRIORITY_FEE)
              .uint(MAX_FEE)
              .uint(GAS_LIMIT)
              .address(plan.to());
      case DEPOSIT -> out.hash(r).address(plan.from()).address(plan.to()).uint(0);
    }
    out.uint(0); // value
    switch (plan.kind()) {
      case LEGACY -> out.bytes(input).uint(v());
      case ACCESS_LIST, DYNAMIC_FEE -> out.bytes(input).beginList().endList().uint(yParity);
      case DEPOSIT -> out.uint(GAS_LIMIT).uint(0).bytes(input);
    }
    if (plan.kind() != PlannedTransaction.Kind.DEPOSIT) {
      out.uint(r.toUint()).uint(s.toUint());
    }
    return out.endList().toBytes();
  }

  /** The parity as a legacy transaction has it, with the chain id in it (EIP-155). */
  BigInteger v() {
    return BigInteger.valueOf(chain.value())
        .shiftLeft(1)
        .add(BigInteger.valueOf(EIP_155 + yParity));
  }

  /** The encodings of transactions. */
  static List<byte[]> raw(List<BodyTransaction> transactions) {
    return transactions.stream().map(each -> each.signed().raw().toArray()).toList();
  }
}
