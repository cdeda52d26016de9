package network.tachi.testkit.chain;

/** The form of a chain's headers and receipts. */
public enum ChainShape {
  /** Ethereum since Prague: 21 header fields. */
  ETHEREUM(21, Deposits.NONE),
  /** Ethereum since Cancun: 20 header fields. */
  ETHEREUM_CANCUN(20, Deposits.NONE),
  /** Ethereum since Shanghai: 17 header fields. */
  ETHEREUM_SHANGHAI(17, Deposits.NONE),
  /** Ethereum since London: 16 header fields. */
  ETHEREUM_LONDON(16, Deposits.NONE),
  /** Ethereum with two more header fields than this version knows, as after Glamsterdam. */
  ETHEREUM_LATER(23, Deposits.NONE),
  /**
   * Base today: 21 header fields, two deposits at the head of each block, whose receipts have six
   * fields.
   */
  BASE(21, Deposits.SIX_FIELDS),
  /** Base since Canyon: 17 header fields, deposit receipts with six fields. */
  BASE_CANYON(17, Deposits.SIX_FIELDS),
  /**
   * Base before Canyon: 16 header fields; the receipts of deposits have four fields, though nodes
   * give their nonce.
   */
  BASE_BEDROCK(16, Deposits.FOUR_FIELDS);

  /** How receipts of deposits look. */
  enum Deposits {
    NONE,
    FOUR_FIELDS,
    SIX_FIELDS
  }

  private final int headerFields;
  private final Deposits deposits;

  ChainShape(int headerFields, Deposits deposits) {
    this.headerFields = headerFields;
    this.deposits = deposits;
  }

  /** How many fields the RLP of a header has. */
  public int headerFields() {
    return headerFields;
  }

  /** Whether it is a chain of the OP stack, where each block begins with deposits. */
  public boolean hasDeposits() {
    return deposits != Deposits.NONE;
  }

  /** Whether receipts of deposits hold nonce and version. */
  public boolean hasDepositVersion() {
    return deposits == Deposits.SIX_FIELDS;
  }
}
