package network.tachi.oracle;

import static network.tachi.oracle.Samples.CRAWLER;
import static network.tachi.oracle.Samples.DOMAIN;
import static network.tachi.oracle.Samples.credit;
import static network.tachi.oracle.Samples.direct;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import network.tachi.evm.Secp256k1;
import network.tachi.proto.v1.Rail;
import network.tachi.proto.v1.UsageEntry;
import org.junit.jupiter.api.Test;

class EntryParserTest {
  private final EntryParser parser = new EntryParser(DOMAIN, Secp256k1.best());

  @Test
  void wellFormedEntries_shouldBeRead() {
    CreditRequest credit = credit("a", 5, 9);
    DirectRequest direct = direct("b", 0);
    assertThat(parser.parse(Entries.of(credit))).isEqualTo(new EntryParser.Parsed.Well(credit));
    assertThat(parser.parse(Entries.of(direct))).isEqualTo(new EntryParser.Parsed.Well(direct));
  }

  @Test
  void malformedEntries_shouldBeRefusedAsSuch() {
    UsageEntry good = Entries.of(credit("a", 5, 9));
    String highS =
        "0x"
            + "11".repeat(32)
            + "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140"
            + "1b";
    List<UnaryOperator<UsageEntry.Builder>> changes =
        List.of(
            entry -> entry.setRail(Rail.RAIL_UNSPECIFIED),
            entry -> entry.setRailValue(3),
            entry -> entry.setRail(Rail.DIRECT),
            entry -> entry.setCrawler(""),
            entry -> entry.setCrawler(CRAWLER.address().toString() + "00"),
            entry -> entry.setLicenseId("0"),
            entry -> entry.setLicenseId("-1"),
            entry -> entry.setLicenseId("9223372036854775808"),
            entry -> entry.setContentId("0x00"),
            entry -> entry.setRequestId("zz"),
            entry -> entry.setUnits("0"),
            entry -> entry.setUnits("9223372036854775808"),
            entry -> entry.setUnitPrice("0"),
            entry -> entry.setUnitPrice("340282366920938463463374607431768211456"),
            entry -> entry.setUnits("2").setUnitPrice("340282366920938463463374607431768211455"),
            UsageEntry.Builder::clearVoucher,
            entry -> entry.setPayment(Entries.of(direct("b", 5)).getPayment()),
            entry -> entry.setVoucher(entry.getVoucher().toBuilder().setSignature("0x")),
            entry -> entry.setVoucher(entry.getVoucher().toBuilder().setSignature(highS)),
            entry -> entry.setVoucher(entry.getVoucher().toBuilder().setCumulativeMax("1e3")));
    for (int i = 0; i < changes.size(); i++) {
      UsageEntry changed = changes.get(i).apply(good.toBuilder()).build();
      assertThat(parser.parse(changed))
          .as("change %s", i)
          .isInstanceOfSatisfying(
              EntryParser.Parsed.Malformed.class,
              malformed -> assertThat(malformed.refusal().code()).isEqualTo("malformed"));
    }
  }
}
