package network.tachi.contracts.wire;

import static network.tachi.contracts.wire.WireVectors.address;
import static network.tachi.contracts.wire.WireVectors.at;
import static network.tachi.contracts.wire.WireVectors.bytes;
import static network.tachi.contracts.wire.WireVectors.flip;
import static network.tachi.contracts.wire.WireVectors.hash;
import static network.tachi.contracts.wire.WireVectors.items;
import static network.tachi.contracts.wire.WireVectors.key;
import static network.tachi.contracts.wire.WireVectors.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidSignatureException;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class TypedStructTest {
  private static final Secp256k1 CURVE = Secp256k1.best();

  static Stream<JsonNode> structs() {
    return Stream.of(items("structs"), items("usage", "vouchers"), items("usage", "attestations"))
        .flatMap(s -> s);
  }

  static Stream<JsonNode> signed() {
    return structs().filter(v -> v.has("signature"));
  }

  private record Hashed(Hash structHash, Hash digest) {}

  private static Hashed hashed(JsonNode v) {
    JsonNode value = v.required("value");
    return switch (text(v, "type")) {
      case "CrawlVoucher" -> {
        CrawlVoucher s = WireVectors.voucher(value);
        yield new Hashed(s.structHash(), s.digest(WireVectors.credit()));
      }
      case "SignerGrant" -> {
        SignerGrant s = WireVectors.grant(value);
        yield new Hashed(s.structHash(), s.digest(WireVectors.credit()));
      }
      case "UsageAttestation" -> {
        UsageAttestation s = WireVectors.attestation(value);
        yield new Hashed(s.structHash(), s.digest(WireVectors.metering()));
      }
      case "EpochBody" -> {
        Hash s = WireVectors.body(value).structHash();
        yield new Hashed(s, Eip712.digest(WireVectors.header().separator(), s));
      }
      case "EpochHeader" -> {
        EpochHeader s = WireVectors.header(value);
        yield new Hashed(s.structHash(), s.digest(WireVectors.header()));
      }
      case "PolicyPublication" -> {
        PolicyPublication s = WireVectors.publication(value);
        yield new Hashed(s.structHash(), s.digest(WireVectors.licenseDomain()));
      }
      default -> throw new AssertionError(text(v, "type"));
    };
  }

  @ParameterizedTest
  @MethodSource("structs")
  void hashes_shouldEqualVectors(JsonNode v) {
    assertThat(hashed(v)).isEqualTo(new Hashed(hash(v, "structHash"), hash(v, "digest")));
  }

  @ParameterizedTest
  @MethodSource("signed")
  void signatures_shouldEqualVectors(JsonNode v) {
    Signature signature = CURVE.sign(hash(v, "digest"), key(text(v, "signer")));
    assertThat(signature.toBytes()).isEqualTo(bytes(v, "signature").toArray());
    assertThat(signature.toCompact()).isEqualTo(bytes(v, "compact").toArray());
    assertThat(CURVE.verify(hash(v, "digest"), signature, address(v, "signer"))).isTrue();
    assertThatThrownBy(() -> Signature.parse(text(v, "highS")))
        .isInstanceOf(InvalidSignatureException.class);
  }

  @Test
  void signatureOverOtherBit_shouldBeRefused() {
    JsonNode v = items("usage", "vouchers").findFirst().orElseThrow();
    Signature signature = Signature.parse(text(v, "signature"));
    for (int bit = 0; bit < 256; bit++) {
      assertThat(CURVE.verify(flip(hash(v, "digest"), bit), signature, address(v, "signer")))
          .as("bit %s", bit)
          .isFalse();
    }
  }

  @Test
  void typeHashes_shouldEqualVectors() {
    JsonNode types = at("constants", "typeHashes");
    assertThat(CrawlVoucher.TYPE_HASH).isEqualTo(hash(types, "CrawlVoucher"));
    assertThat(SignerGrant.TYPE_HASH).isEqualTo(hash(types, "SignerGrant"));
    assertThat(UsageAttestation.TYPE_HASH).isEqualTo(hash(types, "UsageAttestation"));
    assertThat(EpochBody.TYPE_HASH).isEqualTo(hash(types, "EpochBody"));
    assertThat(EpochHeader.TYPE_HASH).isEqualTo(hash(types, "EpochHeader"));
    assertThat(PolicyPublication.TYPE_HASH).isEqualTo(hash(types, "PolicyPublication"));
  }

  @Test
  void usageLog_shouldBeRebuiltByFactories() {
    var tips = new java.util.HashMap<String, UsageAttestation.PairTip>();
    items("usage", "attestations")
        .map(v -> WireVectors.attestation(v.required("value")))
        .forEach(a -> {
          var position =
              new UsageAttestation.Position(a.generation(), a.logIndex(), a.configVersion());
          var service =
              new UsageAttestation.Service(
                  a.crawler(),
                  a.licenseId(),
                  a.contentId(),
                  a.requestId(),
                  a.units(),
                  a.unitPrice());
          String pair = a.crawler() + "/" + a.licenseId();
          if (a.isCredit()) {
            var tip = tips.getOrDefault(pair, UsageAttestation.PairTip.NONE);
            var made =
                UsageAttestation.credit(position, service, tip, a.paymentRef(), a.issuedAtMs());
            assertThat(made).isEqualTo(a);
            tips.put(pair, made.tip());
          } else {
            assertThat(UsageAttestation.direct(position, service, a.paymentRef(), a.issuedAtMs()))
                .isEqualTo(a);
          }
        });
    assertThat(tips).hasSizeGreaterThan(5);
  }

  @Test
  void railOfNineBits_shouldBeRefused() {
    JsonNode first = items("usage", "attestations").findFirst().orElseThrow().required("value");
    UsageAttestation a = WireVectors.attestation(first);
    assertThatThrownBy(() ->
            new UsageAttestation(
                1,
                0,
                1,
                256,
                a.crawler(),
                a.licenseId(),
                a.contentId(),
                a.requestId(),
                1,
                UsdcAmount.of(1),
                0,
                0,
                UsdcAmount.ZERO,
                a.paymentRef(),
                0))
        .isInstanceOf(InvalidValueException.class);
  }
}
