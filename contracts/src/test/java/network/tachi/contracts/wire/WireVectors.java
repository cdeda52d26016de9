package network.tachi.contracts.wire;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.UsdcAmount;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden vectors of wire.md, as viem wrote them. */
public final class WireVectors {
  private static final JsonNode ROOT =
      JsonMapper.shared()
          .readTree(
              Path.of(System.getProperty("tachi.home"), "docs/spec/vectors/wire.json").toFile());

  private WireVectors() {}

  /** The items at a path of names. */
  public static Stream<JsonNode> items(String... path) {
    return at(path).valueStream();
  }

  /** The node at a path of names. */
  public static JsonNode at(String... path) {
    JsonNode node = ROOT;
    for (String name : path) {
      node = node.required(name);
    }
    return node;
  }

  public static String text(JsonNode node, String name) {
    return node.required(name).asString();
  }

  public static Hash hash(JsonNode node, String name) {
    return Hash.parse(text(node, name));
  }

  public static Bytes bytes(JsonNode node, String name) {
    return Bytes.parse(text(node, name));
  }

  public static Address address(JsonNode node, String name) {
    return Address.parse(text(node, name));
  }

  public static UsdcAmount amount(JsonNode node, String name) {
    return UsdcAmount.parse(text(node, name));
  }

  public static LicenseId license(JsonNode node, String name) {
    return LicenseId.parse(text(node, name));
  }

  public static ChainId chain(JsonNode node, String name) {
    return ChainId.of(Long.parseLong(text(node, name)));
  }

  public static long uint64(JsonNode node, String name) {
    return Long.parseUnsignedLong(text(node, name));
  }

  public static BigInteger uint(JsonNode node, String name) {
    return new BigInteger(text(node, name));
  }

  public static List<Hash> hashes(JsonNode node, String name) {
    return node.required(name).valueStream().map(item -> Hash.parse(item.asString())).toList();
  }

  /** The key with this name or address. */
  public static PrivateKey key(String nameOrAddress) {
    return items("keys")
        .filter(
            k -> text(k, "name").equals(nameOrAddress) || text(k, "address").equals(nameOrAddress))
        .map(k -> PrivateKey.parse(text(k, "privateKey")))
        .findFirst()
        .orElseThrow();
  }

  public static WireDomain.Credit credit() {
    return WireDomain.credit(
        chain(at("network"), "settlementChainId"), address(at("network"), "creditEscrow"));
  }

  public static WireDomain.Metering metering() {
    return WireDomain.metering(
        chain(at("network"), "settlementChainId"), address(at("network"), "meteringLedger"));
  }

  public static WireDomain.Header header() {
    return WireDomain.header(hash(at("network"), "deploymentId"));
  }

  public static WireDomain.License licenseDomain() {
    return WireDomain.license(
        chain(at("network"), "settlementChainId"), address(at("network"), "crawlLicense"));
  }

  public static CrawlVoucher voucher(JsonNode v) {
    return new CrawlVoucher(
        address(v, "crawler"),
        license(v, "licenseId"),
        amount(v, "cumulativeMax"),
        hash(v, "termsHash"));
  }

  public static SignerGrant grant(JsonNode v) {
    return new SignerGrant(address(v, "crawler"), address(v, "signer"), uint64(v, "expiry"));
  }

  public static PolicyPublication publication(JsonNode v) {
    return new PolicyPublication(
        license(v, "licenseId"), uint64(v, "version"), hash(v, "policyHash"));
  }

  public static EpochHeader header(JsonNode v) {
    return new EpochHeader(
        uint64(v, "epoch"),
        uint64(v, "generation"),
        hash(v, "prevHeaderHash"),
        hash(v, "configDigest"),
        hash(v, "bodyHash"));
  }

  public static EpochBody body(JsonNode v) {
    return new EpochBody(
        uint64(v, "logSize"),
        hash(v, "logRoot"),
        uint64(v, "licenseCount"),
        hash(v, "creditRoot"),
        uint64(v, "crawlerCount"),
        hash(v, "debitRoot"),
        amount(v, "totalCredit"),
        amount(v, "totalDebit"),
        hash(v, "rulesHash"),
        hash(v, "dataCommitment"),
        uint64(v, "closedAt"));
  }

  public static UsageAttestation attestation(JsonNode v) {
    return new UsageAttestation(
        uint64(v, "generation"),
        uint64(v, "logIndex"),
        uint64(v, "configVersion"),
        Integer.parseInt(text(v, "rail")),
        address(v, "crawler"),
        license(v, "licenseId"),
        hash(v, "contentId"),
        hash(v, "requestId"),
        uint64(v, "units"),
        amount(v, "unitPrice"),
        uint64(v, "pairSeq"),
        uint64(v, "pairPrevIndex"),
        amount(v, "pairCumulative"),
        hash(v, "paymentRef"),
        uint64(v, "issuedAtMs"));
  }

  public static SumNode sumNode(JsonNode v) {
    return new SumNode(hash(v, "hash"), amount(v, "sum"));
  }

  public static List<SumNode> sumNodes(JsonNode node, String name) {
    return node.required(name).valueStream().map(WireVectors::sumNode).toList();
  }

  public static PairLeaf pair(JsonNode v) {
    return new PairLeaf(
        address(v, "crawler"),
        license(v, "licenseId"),
        amount(v, "cumulative"),
        uint64(v, "lastPairSeq"),
        uint64(v, "lastLogIndex"),
        hash(v, "voucherHash"));
  }

  public static SignerConfig config(JsonNode v) {
    return new SignerConfig(
        uint64(v, "version"),
        Integer.parseInt(text(v, "threshold")),
        v.required("signers").valueStream().map(s -> Address.parse(s.asString())).toList(),
        address(v, "attestationKey"));
  }

  /** The hash with one of its 256 bits changed. */
  public static Hash flip(Hash hash, int bit) {
    byte[] bytes = hash.toBytes();
    bytes[bit >> 3] ^= (byte) (1 << (bit & 7));
    return Hash.of(bytes);
  }

  /** The list with one item changed. */
  public static <T> List<T> with(List<T> list, int index, T item) {
    List<T> changed = new ArrayList<>(list);
    changed.set(index, item);
    return changed;
  }
}
