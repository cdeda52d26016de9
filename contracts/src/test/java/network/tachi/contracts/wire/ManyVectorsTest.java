package network.tachi.contracts.wire;

import static network.tachi.contracts.wire.ManyVectors.at;
import static network.tachi.contracts.wire.ManyVectors.hash;
import static network.tachi.contracts.wire.ManyVectors.results;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** More than 13,000 results that viem made, of inputs that many.mjs's rule draws. */
class ManyVectorsTest {
  private static final Secp256k1 CURVE = Secp256k1.best();
  private static final int[] BITMAPS = {0b011, 0b101, 0b110};

  private static void assertResults(
      JsonNode node, int count, Function<ManyVectors.Fields, Hash> result) {
    List<Hash> expected = results(node, "hashes");
    long kind = node.required("kind").asLong();
    assertThat(
            IntStream.range(0, count).mapToObj(i -> result.apply(new ManyVectors.Fields(kind, i))))
        .isEqualTo(expected);
  }

  @Test
  void structs_shouldHash() {
    assertResults(at("structs", "CrawlVoucher"), 500, f -> f.voucher().structHash());
    assertResults(at("structs", "SignerGrant"), 300, f -> f.grant().structHash());
    assertResults(at("structs", "UsageAttestation"), 1500, f -> f.attestation().structHash());
    assertResults(at("structs", "EpochBody"), 700, f -> f.body().structHash());
    assertResults(at("structs", "EpochHeader"), 700, f -> f.header().structHash());
    assertResults(at("structs", "PolicyPublication"), 300, f -> f.publication().structHash());
  }

  @Test
  void leaves_shouldHash() {
    assertResults(at("leaves", "UsageAttestation"), 1500, f -> f.attestation().leafHash());
    assertResults(at("leaves", "PairLeaf"), 800, f -> f.pair().node().hash());
    assertResults(at("leaves", "LicenseLeaf"), 400, f -> f.licenseLeaf().node().hash());
    assertResults(at("leaves", "CrawlerLeaf"), 400, f -> f.crawlerLeaf().node().hash());
  }

  @Test
  void nodes_shouldHash() {
    assertResults(
        at("logNodes"), 400, f -> LogTree.node(hash(f.kind(), f.i(), 0), hash(f.kind(), f.i(), 1)));
    assertResults(at("sumNodes"), 600, f -> SumNode.join(f.half(0), f.half(2)).hash());
  }

  @Test
  void signatures_shouldEqual() {
    assertSigned("CrawlVoucher", 200, f -> f.voucher().digest(WireVectors.credit()));
    assertSigned("SignerGrant", 100, f -> f.grant().digest(WireVectors.credit()));
    assertSigned("UsageAttestation", 300, f -> f.attestation().digest(WireVectors.metering()));
  }

  private static void assertSigned(
      String type, int count, Function<ManyVectors.Fields, Hash> digests) {
    JsonNode node = at("signatures", type);
    Address signer = Address.parse(node.required("signers").get(0).asString());
    assertThat(node.required("rows")).hasSize(count);
    for (int i = 0; i < count; i++) {
      Bytes row = Bytes.parse(node.required("rows").get(i).asString());
      Hash digest = digests.apply(new ManyVectors.Fields(node.required("kind").asLong(), i));
      assertThat(row.slice(0, 32)).isEqualTo(Bytes.of(digest.toBytes()));
      Signature made = CURVE.sign(digest, WireVectors.key(signer.toLowerCaseString()));
      assertThat(Bytes.of(made.toCompact())).isEqualTo(row.slice(32, 96));
      assertThat(CURVE.verify(digest, made, signer)).isTrue();
    }
  }

  @Test
  void headerQuorums_shouldVerify() {
    JsonNode node = at("signatures", "EpochHeader");
    SignerConfig config = WireVectors.config(WireVectors.at("configs").get(0));
    assertThat(node.required("signers").valueStream().map(s -> Address.parse(s.asString())))
        .isEqualTo(config.signers());
    assertThat(node.required("rows")).hasSize(400);
    for (int i = 0; i < 400; i++) {
      Bytes row = Bytes.parse(node.required("rows").get(i).asString());
      Hash digest =
          new ManyVectors.Fields(node.required("kind").asLong(), i)
              .header()
              .digest(WireVectors.header());
      assertThat(row.slice(0, 32)).isEqualTo(Bytes.of(digest.toBytes()));
      QuorumSignature quorum = new QuorumSignature(BITMAPS[i % 3], row.slice(32, row.size()));
      assertThat(quorum.verify(config, digest, CURVE)).isTrue();
    }
  }

  @Test
  void logProofs_shouldEqualAndVerify() {
    JsonNode node = at("logProofs");
    List<Hash> roots = results(node, "roots");
    List<Hash> paths = results(node, "paths");
    MemoryLog log = new MemoryLog();
    int proof = 0;
    for (int size = 1; size <= roots.size(); size++) {
      log.append(logLeaf(node, size - 1));
      Hash root = roots.get(size - 1);
      assertThat(log.root(size)).isEqualTo(root);
      for (int index = 0; index < size; index++) {
        List<Hash> path = log.inclusionProof(index, size);
        assertThat(hashOf(path)).isEqualTo(paths.get(proof++));
        assertThat(LogTree.verifyInclusion(logLeaf(node, index), index, size, path, root)).isTrue();
      }
    }
    assertThat(proof).isEqualTo(2080).isEqualTo(paths.size());
  }

  private static Hash logLeaf(JsonNode node, int i) {
    return LogTree.leafHash(hash(node.required("kind").asLong(), i, 0));
  }

  @Test
  void sumProofs_shouldEqualAndVerify() {
    JsonNode node = at("sumProofs");
    long kind = node.required("kind").asLong();
    List<Hash> roots = results(node, "roots");
    List<Hash> paths = results(node, "paths");
    List<SumNode> leaves = new ArrayList<>();
    int proof = 0;
    for (int size = 1; size <= roots.size(); size++) {
      leaves.add(new SumNode(hash(kind, size - 1, 0), UsdcAmount.of(below(kind, size - 1, 1, 64))));
      SumTree tree = SumTree.of(leaves);
      assertThat(tree.root().hash()).isEqualTo(roots.get(size - 1));
      for (int index = 0; index < size; index++) {
        SumProof made = tree.proof(index);
        assertThat(Bytes.of(packed(made.path())).keccak()).isEqualTo(paths.get(proof++));
        assertThat(made.proves(leaves.get(index), tree.root(), size)).isTrue();
      }
    }
    assertThat(proof).isEqualTo(1176).isEqualTo(paths.size());
  }

  @Test
  void settlements_shouldEqualInBothTrees() {
    JsonNode node = at("settlements");
    int proven = 0;
    for (int n = 0; n < 32; n++) {
      JsonNode row = node.required("rows").get(n);
      SettlementTrees trees = SettlementTrees.of(pairs(node.required("kind").asLong(), n));
      UsdcAmount total = WireVectors.amount(row, "total");
      assertThat(trees.credit().root())
          .isEqualTo(new SumNode(WireVectors.hash(row, "creditRoot"), total));
      assertThat(trees.debit().root())
          .isEqualTo(new SumNode(WireVectors.hash(row, "debitRoot"), total));
      assertThat(trees.dataCommitment()).isEqualTo(WireVectors.hash(row, "dataCommitment"));
      List<Hash> made = new ArrayList<>();
      for (PairLeaf pair : trees.pairs()) {
        made.add(proofHash(trees.credit().pair(pair.licenseId(), pair.crawler()).orElseThrow()));
        made.add(proofHash(trees.debit().pair(pair.crawler(), pair.licenseId()).orElseThrow()));
      }
      assertThat(made).isEqualTo(results(row, "proofs"));
      proven += made.size();
    }
    assertThat(proven).isEqualTo(996);
  }

  /** The pairs of settlement n, as many.mjs draws them. */
  private static List<PairLeaf> pairs(long kind, long n) {
    long own = n * 1000;
    int crawlers = 1 + hash(kind, own, 0).toUint().mod(BigInteger.valueOf(8)).intValueExact();
    int licenses = 1 + hash(kind, own, 1).toUint().mod(BigInteger.valueOf(8)).intValueExact();
    List<PairLeaf> pairs = new ArrayList<>();
    for (int c = 0; c < crawlers; c++) {
      for (int l = 0; l < licenses; l++) {
        long i = own + 100 + c * 8L + l;
        if (c + l > 0 && hash(kind, i, 0).toUint().mod(BigInteger.valueOf(3)).signum() == 0) {
          continue;
        }
        pairs.add(
            new PairLeaf(
                Address.read(hash(kind, own + c, 2).toBytes(), Hash.SIZE - Address.SIZE),
                LicenseId.of(1 + below(kind, own + l, 3, 40).longValueExact()),
                UsdcAmount.of(1 + below(kind, i, 1, 60).longValueExact()),
                1 + below(kind, i, 2, 20).longValueExact(),
                below(kind, i, 3, 32).longValueExact(),
                hash(kind, i, 4)));
      }
    }
    return pairs;
  }

  private static BigInteger below(long kind, long i, int field, int bits) {
    return hash(kind, i, field).toUint().mod(BigInteger.TWO.pow(bits));
  }

  private static Hash proofHash(PairProof<?> proof) {
    byte[] inParent = packed(proof.pair().proof().path());
    byte[] inTree = packed(proof.parent().proof().path());
    byte[] all = Arrays.copyOf(inParent, inParent.length + inTree.length);
    System.arraycopy(inTree, 0, all, inParent.length, inTree.length);
    return Keccak.hash(all);
  }

  private static Hash hashOf(List<Hash> path) {
    byte[] all = new byte[path.size() * Hash.SIZE];
    for (int i = 0; i < path.size(); i++) {
      path.get(i).writeTo(all, i * Hash.SIZE);
    }
    return Keccak.hash(all);
  }

  private static byte[] packed(List<SumNode> path) {
    int size = Hash.SIZE + UsdcAmount.SIZE;
    byte[] all = new byte[path.size() * size];
    for (int i = 0; i < path.size(); i++) {
      path.get(i).hash().writeTo(all, i * size);
      path.get(i).sum().writeTo(all, i * size + Hash.SIZE);
    }
    return all;
  }
}
