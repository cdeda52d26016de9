package network.tachi.app;

import network.tachi.app.local.LocalHome;
import network.tachi.app.local.LocalNetwork;
import network.tachi.app.local.Ports;
import network.tachi.chainconfig.ContractName;

/** What is printed when everything runs: what is where, what to open, what to try. */
final class Board {
  private Board() {}

  static void print(Console console, LocalNetwork network, Ports ports, LocalHome home) {
    String api = "http://127.0.0.1:" + ports.queryApi();
    String offset =
        ports.base() == Ports.withOffset(0).base()
            ? ""
            : " --port-offset " + (ports.base() - Ports.withOffset(0).base());
    console.line();
    console.line("Tachi is up. Ctrl-C stops it.");
    console.line();
    console.line(
        "  gateway      http://127.0.0.1:"
            + ports.gateway()
            + "   answers 402, takes payment, serves the demo site");
    console.line("  query API    " + api + "   REST and gRPC on one port; description at /openapi");
    console.line(
        "  oracle       127.0.0.1:" + ports.oracle() + "          gRPC tachi.v1.UsageService");
    console.line("  health       http://127.0.0.1:" + ports.admin() + "/ready and /metrics");
    console.line(
        "  Base         http://127.0.0.1:"
            + ports.base()
            + "   chain 84532, block "
            + network.base().head());
    console.line(
        "  Ethereum     http://127.0.0.1:"
            + ports.ethereum()
            + "   chain 11155111, block "
            + network.ethereum().head());
    console.line("  PostgreSQL   " + network.database().address());
    console.line("  logs         " + home.logs());
    console.line(
        "  MeteringLedger on Base "
            + network.network().settlement().address(ContractName.METERING_LEDGER));
    console.line();
    console.line("Try, in a second terminal:");
    console.line("  ./tachi demo" + offset);
    console.line("  curl " + api + "/v1/publishers");
    console.line("  curl " + api + "/v1/books/84532");
    console.line("  curl " + api + "/v1/epochs/latest");
    console.line("  curl http://127.0.0.1:" + ports.admin() + "/ready");
    console.line();
  }
}
