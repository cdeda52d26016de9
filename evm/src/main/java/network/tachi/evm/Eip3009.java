package network.tachi.evm;

import java.math.BigInteger;

/** Struct hashes of EIP-3009, by which USDC moves on a signature. */
public final class Eip3009 {
  /** The type hash of {@code TransferWithAuthorization}. */
  public static final Hash TRANSFER_TYPE_HASH = typeHash("TransferWithAuthorization");

  /** The type hash of {@code ReceiveWithAuthorization}. */
  public static final Hash RECEIVE_TYPE_HASH = typeHash("ReceiveWithAuthorization");

  /** The type hash of {@code CancelAuthorization}. */
  public static final Hash CANCEL_TYPE_HASH =
      Eip712.typeHash("CancelAuthorization(address authorizer,bytes32 nonce)");

  private Eip3009() {}

  /** The struct hash of a cancellation. */
  public static Hash cancelStructHash(Address authorizer, Hash nonce) {
    return WordBuffer.struct(CANCEL_TYPE_HASH, 2).address(authorizer).hash(nonce).keccak();
  }

  /**
   * An authorisation to move USDC once.
   *
   * @param from the payer, who signs
   * @param to the payee
   * @param value the amount
   * @param validAfter seconds since 1970; the transfer must be later
   * @param validBefore seconds since 1970; the transfer must be earlier
   * @param nonce unique for the payer
   */
  public record Authorization(
      Address from,
      Address to,
      UsdcAmount value,
      BigInteger validAfter,
      BigInteger validBefore,
      Hash nonce) {
    /** Checks the times' range. */
    public Authorization {
      Uint256.check("validAfter", validAfter, 256);
      Uint256.check("validBefore", validBefore, 256);
    }

    /** The struct hash for {@code transferWithAuthorization}, which anyone may submit. */
    public Hash transferStructHash() {
      return structHash(TRANSFER_TYPE_HASH);
    }

    /** The struct hash for {@code receiveWithAuthorization}, which only the payee may submit. */
    public Hash receiveStructHash() {
      return structHash(RECEIVE_TYPE_HASH);
    }

    private Hash structHash(Hash typeHash) {
      return WordBuffer.struct(typeHash, 6)
          .address(from)
          .address(to)
          .amount(value)
          .uint(validAfter)
          .uint(validBefore)
          .hash(nonce)
          .keccak();
    }
  }

  private static Hash typeHash(String name) {
    return Eip712.typeHash(
        name
            + "(address from,address to,uint256 value,uint256 validAfter,uint256"
            + " validBefore,bytes32 nonce)");
  }
}
