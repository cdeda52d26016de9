package network.tachi.contracts.wire;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.ContractAddresses;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.WordBuffer;

/** The identifiers of wire.md section 1, and the hashes of section 3 that are not structs. */
public final class WireIds {
  /** "There is no such log index": all 64 bits set. */
  public static final long NONE = -1L;

  private static final Hash DEPLOYMENT_TAG = Keccak.hash("tachi.deployment.v1");

  private WireIds() {}

  /**
   * The id of a deployment: the salt of the header domain and the first header's {@code
   * prevHeaderHash}.
   */
  public static Hash deploymentId(ChainId settlementChain, Address meteringLedger) {
    return new WordBuffer(3)
        .hash(DEPLOYMENT_TAG)
        .chain(settlementChain)
        .address(meteringLedger)
        .keccak();
  }

  /** The hash of a domain, which must be lower-case, in A-labels, without trailing dot and port. */
  public static Hash domainHash(String domain) {
    return Keccak.hash(domain);
  }

  /**
   * The id of a payment.
   *
   * @param source the USDC contract for an EIP-3009 authorisation, the PaymentProcessor for {@code
   *     pay}
   */
  public static Hash paymentId(ChainId chain, Address source, Address from, Hash nonce) {
    return new WordBuffer(4).chain(chain).address(source).address(from).hash(nonce).keccak();
  }

  /**
   * The id of a request.
   *
   * @param random 32 bytes of the gateway
   */
  public static Hash requestId(LicenseId licenseId, Address crawler, Hash random) {
    return new WordBuffer(3).license(licenseId).address(crawler).hash(random).keccak();
  }

  /**
   * The id of a piece of content.
   *
   * @param salt the gateway's secret of the licence
   * @param url scheme, host in lower case, path and query, no fragment
   */
  public static Hash contentId(Hash salt, String url) {
    return Keccak.hash(salt.toBytes(), url.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The id of a demand about a header (wire.md section 6).
   *
   * @param kind 1 a line, 2 a reference, 4 a leaf of a settlement tree, 9 a voucher
   * @param subject what is asked for; words by kind
   */
  public static Hash demandId(Hash headerHash, int kind, Bytes subject) {
    byte[] place = new WordBuffer(2).hash(headerHash).uint64(kind).toBytes();
    return Keccak.hash(place, subject.toArray());
  }

  /** The CREATE2 salt of a licence's vault. */
  public static Hash vaultSalt(ChainId chain, LicenseId licenseId) {
    return new WordBuffer(2).chain(chain).license(licenseId).keccak();
  }

  /**
   * The address of a licence's vault, whether it is deployed or not.
   *
   * @param vaultInitCodeHash keccak of the init code of {@code Vault}
   */
  public static Address vaultAddress(
      Address paymentProcessor, ChainId chain, LicenseId licenseId, Hash vaultInitCodeHash) {
    return ContractAddresses.create2(
        paymentProcessor, vaultSalt(chain, licenseId), vaultInitCodeHash);
  }

  /**
   * The hash over the policies in force, as licence id to policy hash; keccak of nothing if there
   * is none.
   */
  public static Hash rulesHash(SortedMap<LicenseId, Hash> policies) {
    WordBuffer words = new WordBuffer(2 * policies.size());
    for (Map.Entry<LicenseId, Hash> policy : policies.entrySet()) {
      words.license(policy.getKey()).hash(policy.getValue());
    }
    return words.keccak();
  }
}
