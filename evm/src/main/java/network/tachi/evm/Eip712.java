package network.tachi.evm;

/**
 * EIP-712 domain separators and digests. Structs are encoded by hand-written code over {@link
 * WordBuffer} and have static members only; there is no interpreter of type descriptions.
 */
public final class Eip712 {
  private static final Hash DOMAIN =
      typeHash(
          "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
  private static final Hash DOMAIN_WITH_SALT =
      typeHash("EIP712Domain(string name,string version,bytes32 salt)");
  private static final Hash DOMAIN_WITHOUT_CONTRACT =
      typeHash("EIP712Domain(string name,string version,uint256 chainId)");
  private static final Hash DOMAIN_WITHOUT_VERSION =
      typeHash("EIP712Domain(string name,uint256 chainId,address verifyingContract)");
  private static final byte[] PREFIX = {0x19, 0x01};

  private Eip712() {}

  /**
   * The hash of a struct's type, as {@code Name(type member,...)} with the types it refers to
   * appended.
   */
  public static Hash typeHash(String encodedType) {
    return Keccak.hash(encodedType);
  }

  /** The separator of a domain of name, version, chain and contract. */
  public static Hash domainSeparator(
      String name, String version, ChainId chain, Address verifyingContract) {
    return WordBuffer.struct(DOMAIN, 4)
        .hash(Keccak.hash(name))
        .hash(Keccak.hash(version))
        .chain(chain)
        .address(verifyingContract)
        .keccak();
  }

  /** The separator of a chain-neutral domain of name, version and salt. */
  public static Hash domainSeparator(String name, String version, Hash salt) {
    return WordBuffer.struct(DOMAIN_WITH_SALT, 3)
        .hash(Keccak.hash(name))
        .hash(Keccak.hash(version))
        .hash(salt)
        .keccak();
  }

  /** The separator of a domain of name, version and chain. */
  public static Hash domainSeparator(String name, String version, ChainId chain) {
    return WordBuffer.struct(DOMAIN_WITHOUT_CONTRACT, 3)
        .hash(Keccak.hash(name))
        .hash(Keccak.hash(version))
        .chain(chain)
        .keccak();
  }

  /** The separator of a domain of name, chain and contract, as Permit2 has. */
  public static Hash domainSeparator(String name, ChainId chain, Address verifyingContract) {
    return WordBuffer.struct(DOMAIN_WITHOUT_VERSION, 3)
        .hash(Keccak.hash(name))
        .chain(chain)
        .address(verifyingContract)
        .keccak();
  }

  /** The digest to sign: Keccak-256 of 0x1901, the domain separator and the struct's hash. */
  public static Hash digest(Hash domainSeparator, Hash structHash) {
    byte[] message = new byte[PREFIX.length + 2 * Hash.SIZE];
    System.arraycopy(PREFIX, 0, message, 0, PREFIX.length);
    domainSeparator.writeTo(message, PREFIX.length);
    structHash.writeTo(message, PREFIX.length + Hash.SIZE);
    return Keccak.hash(message);
  }
}
