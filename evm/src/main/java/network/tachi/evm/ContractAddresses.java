package network.tachi.evm;

/** The addresses at which contracts come to be. */
public final class ContractAddresses {
  private static final byte[] CREATE2_PREFIX = {(byte) 0xff};

  private ContractAddresses() {}

  /** The address of the contract that a transaction with this nonce creates. */
  public static Address create(Address sender, long nonce) {
    return fromHash(new RlpWriter().beginList().address(sender).uint(nonce).endList().keccak());
  }

  /** The address of a contract made by CREATE2 (EIP-1014). */
  public static Address create2(Address deployer, Hash salt, Hash initCodeHash) {
    return fromHash(
        Keccak.hash(CREATE2_PREFIX, deployer.toBytes(), salt.toBytes(), initCodeHash.toBytes()));
  }

  private static Address fromHash(Hash hash) {
    return Address.read(hash.toBytes(), 12);
  }
}
