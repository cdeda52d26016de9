package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The 402 byte by byte, as wire.md section 8 has it. */
class ChallengeTest {
  private static final String HEADER =
      """
      {"x402Version":2,"error":"voucher_exceeded","resource":{"url":"https://pub.example/a"},"accepts":[\
      {"scheme":"exact","network":"eip155:8453","amount":"1500","asset":"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",\
      "payTo":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8","maxTimeoutSeconds":60,"extra":{"name":"USD Coin","version":"2"}},\
      {"scheme":"tachi-credit","network":"eip155:8453","amount":"1500","asset":"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913",\
      "payTo":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","maxTimeoutSeconds":60,"extra":{"licenseId":"7",\
      "termsHash":"0x1111111111111111111111111111111111111111111111111111111111111111","name":"Tachi Credit","version":"1",\
      "verifyingContract":"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266","charged":"3000","reserved":"1500","cumulativeMax":"5000"}}],\
      "extensions":{"payment-identifier":{"info":{"required":false}}}}\
      """;

  private static final String BODY =
      """
      {"x402Version":1,"error":"voucher_exceeded","accepts":[{"scheme":"exact","network":"base","maxAmountRequired":"1500",\
      "resource":"https://pub.example/a","description":"","mimeType":"","payTo":"0x70997970C51812dc3A010C7d01b50e0d17dc79C8",\
      "maxTimeoutSeconds":60,"asset":"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913","extra":{"name":"USD Coin","version":"2"}}]}\
      """;

  @Test
  void refusal_shouldBeByteForByteWhatTheLawSays() {
    PairStanding standing =
        new PairStanding(UsdcAmount.of(3_000), UsdcAmount.of(1_500), UsdcAmount.of(5_000));
    Reply reply =
        challenge(ChainId.BASE)
            .refused(
                offer(1_500), new Refusal("voucher_exceeded", "too low \u2013 sorry", standing));

    assertThat(reply.status()).isEqualTo(402);
    String header = reply.fields().first("payment-required").orElseThrow();
    assertThat(new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8))
        .isEqualTo(HEADER);
    assertThat(new String(reply.body().toArray(), StandardCharsets.UTF_8)).isEqualTo(BODY);
    assertThat(reply.fields().first("tachi-refusal")).hasValue("too low ? sorry");
    assertThat(reply.fields().first("cache-control")).hasValue("no-store");
  }

  @Test
  void chainThatV1DoesNotKnow_shouldNotBreakItsClients() {
    Reply reply = challenge(ChainId.ETHEREUM).unpaid(offer(1));
    assertThat(new String(reply.body().toArray(), StandardCharsets.UTF_8))
        .contains("\"accepts\":[]");
  }

  @ParameterizedTest
  @CsvSource({"1, USD 0.000001", "1500, USD 0.0015", "1000000, USD 1", "12345678, USD 12.345678"})
  void price_shouldHaveEnoughDigits(long amount, String text) {
    assertThat(challenge(ChainId.BASE).unpaid(offer(amount)).fields().first("crawler-price"))
        .hasValue(text);
  }

  private static Challenge challenge(ChainId chain) {
    Address escrow = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    return new Challenge(
        new Settlement(
            chain,
            Address.parse("0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913"),
            "USD Coin",
            "2",
            escrow,
            escrow,
            escrow));
  }

  private static Offer offer(long price) {
    return new Offer(
        LicenseId.of(7),
        UsdcAmount.of(price),
        Hash.parse("0x" + "11".repeat(32)),
        Address.parse("0x70997970C51812dc3A010C7d01b50e0d17dc79C8"),
        "https://pub.example/a");
  }
}
