package network.tachi.evm;

import java.math.BigInteger;

/** The struct hash of EIP-2612, an ERC-20 approval by signature. */
public final class Eip2612 {
  /** The type hash of {@code Permit}. */
  public static final Hash PERMIT_TYPE_HASH =
      Eip712.typeHash(
          "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

  private Eip2612() {}

  /**
   * An approval.
   *
   * @param owner the account that approves, and signs
   * @param spender the account that may spend
   * @param value the allowance in the token's smallest unit
   * @param nonce the owner's next nonce in the token
   * @param deadline seconds since 1970
   */
  public record Permit(
      Address owner, Address spender, BigInteger value, BigInteger nonce, BigInteger deadline) {
    /** Checks the numbers' range. */
    public Permit {
      Uint256.check("value", value, 256);
      Uint256.check("nonce", nonce, 256);
      Uint256.check("deadline", deadline, 256);
    }

    /** The struct hash. */
    public Hash structHash() {
      return WordBuffer.struct(PERMIT_TYPE_HASH, 5)
          .address(owner)
          .address(spender)
          .uint(value)
          .uint(nonce)
          .uint(deadline)
          .keccak();
    }
  }
}
