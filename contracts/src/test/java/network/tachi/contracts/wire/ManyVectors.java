package network.tachi.contracts.wire;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The results of many.json, and the inputs that the rule of many.mjs draws for them. */
final class ManyVectors {
  private static final JsonNode ROOT =
      JsonMapper.shared()
          .readTree(
              Path.of(System.getProperty("tachi.home"), "docs/spec/vectors/many.json").toFile());
  private static final Hash TAG = Keccak.hash("tachi.vectors.v1");

  private ManyVectors() {}

  /** The node at a path of names. */
  static JsonNode at(String... path) {
    JsonNode node = ROOT;
    for (String name : path) {
      node = node.required(name);
    }
    return node;
  }

  /** The results that stand in the lines at a path of names. */
  static List<Hash> results(JsonNode node, String name) {
    List<Hash> all = new ArrayList<>();
    for (JsonNode line : node.required(name)) {
      byte[] bytes = Bytes.parse(line.asString()).toArray();
      for (int offset = 0; offset < bytes.length; offset += Hash.SIZE) {
        all.add(Hash.read(bytes, offset));
      }
    }
    return all;
  }

  /** What the rule hashes to. */
  static Hash hash(long kind, long i, int field) {
    byte[] preimage = new byte[4 * Hash.SIZE];
    TAG.writeTo(preimage, 0);
    Hash.ofUint(kind).writeTo(preimage, Hash.SIZE);
    Hash.ofUint(i).writeTo(preimage, 2 * Hash.SIZE);
    Hash.ofUint(field).writeTo(preimage, 3 * Hash.SIZE);
    return Keccak.hash(preimage, 0, preimage.length);
  }

  /** The last {@code size} bytes that the rule draws for a field of whole bytes. */
  private static byte[] draw(long kind, long i, int field, int size) {
    byte[] h = hash(kind, i, field).toBytes();
    int first = h[0] & 0xff;
    byte[] value = Arrays.copyOfRange(h, Hash.SIZE - size, Hash.SIZE);
    if (first < 16 || first >= 240) {
      Arrays.fill(value, (byte) (first < 16 ? 0 : -1));
    }
    return value;
  }

  /** One item's fields, by their numbers. */
  record Fields(long kind, long i) {
    Hash word(int field) {
      return Hash.of(draw(kind, i, field, Hash.SIZE));
    }

    Address address(int field) {
      return Address.of(draw(kind, i, field, Address.SIZE));
    }

    UsdcAmount amount(int field) {
      return UsdcAmount.read(draw(kind, i, field, UsdcAmount.SIZE), 0);
    }

    long uint64(int field) {
      return ByteBuffer.wrap(draw(kind, i, field, Long.BYTES)).getLong();
    }

    int uint8(int field) {
      return draw(kind, i, field, 1)[0] & 0xff;
    }

    LicenseId license(int field) {
      return LicenseId.of(Math.max(1, uint64(field) & Long.MAX_VALUE));
    }

    CrawlVoucher voucher() {
      return new CrawlVoucher(address(0), license(1), amount(2), word(3));
    }

    SignerGrant grant() {
      return new SignerGrant(address(0), address(1), uint64(2));
    }

    UsageAttestation attestation() {
      return new UsageAttestation(
          uint64(0),
          uint64(1),
          uint64(2),
          uint8(3),
          address(4),
          license(5),
          word(6),
          word(7),
          uint64(8),
          amount(9),
          uint64(10),
          uint64(11),
          amount(12),
          word(13),
          uint64(14));
    }

    EpochBody body() {
      return new EpochBody(
          uint64(0),
          word(1),
          uint64(2),
          word(3),
          uint64(4),
          word(5),
          amount(6),
          amount(7),
          word(8),
          word(9),
          uint64(10));
    }

    EpochHeader header() {
      return new EpochHeader(uint64(0), uint64(1), word(2), word(3), word(4));
    }

    PolicyPublication publication() {
      return new PolicyPublication(license(0), uint64(1), word(2));
    }

    PairLeaf pair() {
      return new PairLeaf(address(0), license(1), amount(2), uint64(3), uint64(4), word(5));
    }

    LicenseLeaf licenseLeaf() {
      return new LicenseLeaf(license(0), amount(1), uint64(2), word(3));
    }

    CrawlerLeaf crawlerLeaf() {
      return new CrawlerLeaf(address(0), amount(1), uint64(2), word(3));
    }

    /** A node whose hash is not folded into an edge value and whose sum has 127 bits. */
    SumNode half(int field) {
      BigInteger sum = amount(field + 1).toBigInteger().clearBit(127);
      return new SumNode(hash(kind, i, field), UsdcAmount.of(sum));
    }
  }
}
