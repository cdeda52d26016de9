package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.UsdcAmount;
import network.tachi.gateway.HttpFields.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialReaderTest {
  /** The payload of x402's own documentation, signed by anvil's first key (viem 2.57.20). */
  private static final String EXACT =
      """
      {"x402Version":2,"resource":{"url":"https://pub.example/a"},
       "accepted":{"scheme":"exact","network":"eip155:84532","amount":"10000",
        "asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e",
        "payTo":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","maxTimeoutSeconds":60,"extra":{}},
       "payload":{"signature":"0x255ef222464d2ab7da8446d22743c035582e33e7d4447776daf0e274cc6ec273149b4da3928bb0f2ffa76355a08810354fa83579bad49d495196c4ee876dd4d91b",
        "authorization":{"from":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
         "to":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","value":"10000","validAfter":"0",
         "validBefore":"1800000000",
         "nonce":"0x1111111111111111111111111111111111111111111111111111111111111111"}},
       "extensions":{}}\
      """;

  @Test
  void exactPayment_shouldBeRead() {
    var payment = (Credential.Exact) read("payment-signature", EXACT);
    assertThat(payment.version()).isEqualTo(2);
    assertThat(payment.network()).isEqualTo(ChainId.BASE_SEPOLIA);
    assertThat(payment.authorization().value()).isEqualTo(UsdcAmount.of(10_000));
    assertThat(payment.identifier()).isEmpty();
  }

  @Test
  void spacesInTheJson_shouldNotMakeItAnotherPayment() {
    var one = read("payment-signature", EXACT);
    var other = read("payment-signature", EXACT.replace(",", " , "));
    assertThat(one.payloadHash()).isEqualTo(other.payloadHash());
  }

  @Test
  void noPayment_shouldBeNone() {
    assertThat(CredentialReader.read(HttpFields.NONE)).isEmpty();
  }

  @Test
  void unknownScheme_shouldBeToldApart() {
    assertThat(read("payment-signature", EXACT.replace("\"exact\"", "\"upto\"")))
        .isInstanceOf(Credential.Unsupported.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"x402Version\":2 | \"x402Version\":3 | x402Version",
        "\"network\":\"eip155:84532\" | \"network\":\"base\" | accepted.network",
        "\"value\":\"10000\" | \"value\":10000 | payload.authorization.value",
        "\"value\":\"10000\" | \"value\":\"-1\" | payload.authorization.value",
        "\"validBefore\":\"1800000000\" | \"validBefore\":\"0x1\" |"
            + " payload.authorization.validBefore",
        "\"nonce\":\"0x11 | \"nonce\":\"0x1 | payload.authorization.nonce",
        "\"from\":\"0xf3 | \"from\":\"0xf | payload.authorization.from",
        "\"signature\":\"0x | \"signature\":\" | payload.signature",
        "\"extensions\":{} | \"extensions\":{\"payment-identifier\":{\"info\":{\"id\":\"short\"}}}"
            + " | payment-identifier",
        "\"authorization\": | \"permit\": | payload.authorization"
      })
  void malformedField_shouldBeNamed(String good, String bad, String field) {
    assertThat(EXACT).contains(good);
    assertThatThrownBy(() -> read("payment-signature", EXACT.replace(good, bad)))
        .isInstanceOf(MalformedPaymentException.class)
        .hasMessageContaining(field);
  }

  @Test
  void textThatIsNoJson_shouldBeRefused() {
    assertThatThrownBy(() -> read("payment-signature", "[]"))
        .isInstanceOf(MalformedPaymentException.class);
    assertThatThrownBy(() -> read("payment-signature", "{"))
        .isInstanceOf(MalformedPaymentException.class);
    assertThatThrownBy(() ->
            CredentialReader.read(new HttpFields(List.of(new Field("payment-signature", "_-8")))))
        .isInstanceOf(MalformedPaymentException.class)
        .hasMessageContaining("PAYMENT-SIGNATURE");
  }

  private static Credential read(String header, String json) {
    String value = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    return CredentialReader.read(new HttpFields(List.of(new Field(header, value)))).orElseThrow();
  }
}
