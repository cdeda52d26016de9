package network.tachi.testkit.chain;

import java.util.SplittableRandom;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.RlpWriter;

/** What a chain's headers hold besides what is in their blocks. */
final class HeaderForm {
  static final Hash NO_OMMERS = new RlpWriter().beginList().endList().keccak();

  /** SHA-256 of nothing: no requests (EIP-7685). */
  private static final Hash NO_REQUESTS =
      Hash.parse("0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  private static final Address SEQUENCER_FEES =
      Address.parse("0x4200000000000000000000000000000000000011");
  private static final Address PROPOSER =
      Address.parse("0x95222290dd7278aa3ddd389cc1e1d165cc4bafe5");

  private static final Bytes PROPOSER_DATA = Bytes.parse("0x7461636869");
  private static final Bytes FEE_PARAMETERS = Bytes.parse("0x01000000320000000600000000000f4240");
  private static final Bytes NONCE = Bytes.wrap(new byte[8]);
  static final long GAS_LIMIT = 400_000_000;
  static final long BASE_FEE = 5_000_000;

  private static final int LONDON = 16;
  private static final int SHANGHAI = 17;
  private static final int CANCUN = 20;
  private static final int PRAGUE = 21;
  private static final int LATER = 23;

  private final ChainSpec spec;

  HeaderForm(ChainSpec spec) {
    this.spec = spec;
  }

  HeaderFields fields(ChainBlock block) {
    ChainShape shape = spec.shape();
    int count = shape.headerFields();
    SplittableRandom random = new SplittableRandom(~block.salt());
    Hash mixHash = RandomValues.hash(random);
    Hash beaconRoot = RandomValues.hash(random);
    Hash storageRoot = RandomValues.hash(random);
    boolean passer = shape.hasDeposits() && count >= PRAGUE;
    return new HeaderFields(
        block.parentHash(),
        NO_OMMERS,
        shape.hasDeposits() ? SEQUENCER_FEES : PROPOSER,
        block.stateRoot(),
        block.transactionsRoot(),
        block.receiptsRoot(),
        block.logsBloom(),
        0,
        block.number(),
        GAS_LIMIT,
        block.gasUsed(),
        block.timestamp(),
        extraData(shape),
        mixHash,
        NONCE,
        count >= LONDON ? BASE_FEE : null,
        count >= SHANGHAI ? (passer ? storageRoot : OrderedTrieRoot.EMPTY) : null,
        count >= CANCUN ? 0L : null,
        count >= CANCUN ? 0L : null,
        count >= CANCUN ? beaconRoot : null,
        count >= PRAGUE ? NO_REQUESTS : null,
        count >= LATER ? storageRoot : null,
        count >= LATER ? Long.valueOf(block.number()) : null);
  }

  private static Bytes extraData(ChainShape shape) {
    if (!shape.hasDeposits()) {
      return PROPOSER_DATA;
    }
    return shape == ChainShape.BASE ? FEE_PARAMETERS : Bytes.EMPTY;
  }
}
