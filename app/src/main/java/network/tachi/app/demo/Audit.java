package network.tachi.app.demo;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import network.tachi.app.Console;
import network.tachi.app.demo.Books.Entry;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import tools.jackson.databind.JsonNode;

/**
 * Checks the books: chain = database = API, entry by entry, at the very block the API answered for;
 * each licence's holder; the log = what was paid; what the contracts hold = what came in less what
 * went out.
 */
public final class Audit {
  private final DemoWorld world;
  private final Http http;
  private final Console console;
  private final Waiting waiting;
  private final List<String> faults = new ArrayList<>();

  Audit(DemoWorld world, Http http, Console console) {
    this.world = world;
    this.http = http;
    this.console = console;
    this.waiting = new Waiting(world);
  }

  /** Checks the books of a running system; true if they balance. */
  public static boolean run(DemoWorld world, Console console) {
    try (Http http = new Http()) {
      return new Audit(world, http, console).balanced();
    }
  }

  boolean balanced() {
    waiting.forIndexer(world.base());
    waiting.forIndexer(world.ethereum());
    awaitQuiet();
    for (DemoChain chain : List.of(world.base(), world.ethereum())) {
      checkChain(chain);
    }
    checkLog();
    checkBalances();
    if (faults.isEmpty()) {
      console.line(
          "  The books balance: chain, database and API agree on every entry, to the atomic unit.");
    } else {
      faults.forEach(fault -> console.line("  WRONG  " + fault));
      console.line("  The books do not balance.");
    }
    return faults.isEmpty();
  }

  /** Waits until every paid request is in the log and every credited one in a final epoch. */
  private void awaitQuiet() {
    Waiting.until(
        "each settled payment is in the usage log and all credit is in a final epoch",
        () -> {
          BigInteger settled =
              number(
                  "select count(*) from chain.payment_made where method = 2 and chain_id = "
                      + world.base().settings().chain());
          return settled.equals(number("select count(*) from metering.log_leaf where rail = 1"))
              && logCredit()
                  .equals(
                      StoreBooks.read(
                              world.store(), world.base().settings().chain(), Long.MAX_VALUE)
                          .get(Entry.FINALISED_CREDIT));
        });
  }

  private BigInteger number(String sql) {
    return Objects.requireNonNull(world.store().fetchOne(sql))
        .get(0, BigDecimal.class)
        .toBigIntegerExact();
  }

  private BigInteger logCredit() {
    return number(
        "select coalesce(sum(units * unit_price), 0) from metering.log_leaf where rail = 2");
  }

  private void checkChain(DemoChain chain) {
    waiting.forIndexer(chain);
    JsonNode answer = http.json(world.api().resolve("/v1/books/" + chain.settings().chain()));
    long block = Long.parseLong(answer.path("asOf").path("blockNumber").asString());
    Hash hash = Hash.parse(answer.path("asOf").path("blockHash").asString());
    if (!chain.has(block, hash)) {
      faults.add(
          chain.settings().key()
              + ": the API answered for block "
              + block
              + " "
              + hash
              + ", which the chain has not");
    }
    Books onChain = ChainBooks.read(chain.settings(), chain.rpc(), block);
    Books inStore = StoreBooks.read(world.store(), chain.settings().chain(), block);
    Books inApi = ApiBooks.of(answer);
    for (String fault : onChain.differences("chain", inStore, "database")) {
      faults.add(chain.settings().key() + ": " + fault);
    }
    for (String fault : inStore.differences("database", inApi, "API")) {
      faults.add(chain.settings().key() + ": " + fault);
    }
    console.line(
        "  "
            + chain.settings().key()
            + " at block "
            + block
            + "                        chain = database = API");
    for (Entry entry : Entry.values()) {
      if (onChain.get(entry).signum() != 0) {
        console.line(
            String.format(
                Locale.ROOT,
                "    %-28s %16s%s",
                entry.label(),
                onChain.get(entry),
                entry.isAmount() ? " units" : ""));
      }
    }
    checkHolders(chain, block);
  }

  /** Who holds the ERC-721 tokens, against what the database says. */
  private void checkHolders(DemoChain chain, long block) {
    Licenses licenses =
        new Licenses(
            chain.rpc(), chain.address(ContractName.CRAWL_LICENSE), BlockRef.number(block));
    Map<LicenseId, Address> holders =
        StoreBooks.holders(world.store(), chain.settings().chain(), block);
    for (long id = 1; id <= licenses.totalSupply(); id++) {
      LicenseId license = LicenseId.of(id);
      Address owner = licenses.ownerOf(license);
      Address holder = holders.getOrDefault(license, Address.ZERO);
      if (!owner.equals(holder)) {
        faults.add(
            chain.settings().key()
                + ": licence "
                + license
                + " belongs to "
                + owner
                + ", the database says "
                + holder);
      }
    }
  }

  private void checkLog() {
    BigInteger pairs = number("select coalesce(sum(cumulative), 0) from metering.pair");
    BigInteger leaves = logCredit();
    if (!pairs.equals(leaves)) {
      faults.add("the log's credit is " + leaves + ", its pairs add up to " + pairs);
    }
    BigInteger repeated =
        number(
            "select count(*) - count(distinct (license_id, crawler, request_id)) from"
                + " metering.log_leaf");
    if (repeated.signum() != 0) {
      faults.add(repeated + " requests stand in the log twice");
    }
    BigInteger unmatched =
        number(
            "select count(*) from metering.log_leaf l where rail = 1 and not exists (select from"
                + " chain.payment_made p where p.payment_id = l.payment_ref and p.amount = l.units"
                + " * l.unit_price)");
    if (unmatched.signum() != 0) {
      faults.add(unmatched + " requests were logged without the payment they name");
    }
    BigInteger unsigned = number("select count(*) from metering.log_leaf where signature is null");
    if (unsigned.signum() != 0) {
      faults.add(unsigned + " lines of the log are not signed");
    }
    console.line(
        "  usage log: "
            + number("select count(*) from metering.log_leaf")
            + " lines, credit "
            + leaves
            + " units = sum of its pairs");
  }

  /** What the contracts hold, against what their events say. */
  private void checkBalances() {
    DemoChain base = world.base();
    long block = base.head().number();
    Books books = ChainBooks.read(base.settings(), base.rpc(), block);
    Usdc usdc = new Usdc(base.rpc(), base.settings().usdc().address(), BlockRef.number(block));
    BigInteger escrow = held(usdc, base.address(ContractName.CREDIT_ESCROW));
    BigInteger owed =
        books
            .get(Entry.DEPOSITED)
            .subtract(books.get(Entry.CREDIT_WITHDRAWN))
            .subtract(books.get(Entry.CLAIMED));
    if (!escrow.equals(owed)) {
      faults.add("CreditEscrow holds " + escrow + ", its events say " + owed);
    }
    BigInteger processor = held(usdc, base.address(ContractName.PAYMENT_PROCESSOR));
    BigInteger fees = BigInteger.ZERO;
    for (TachiEvent event : ChainBooks.events(base.settings(), base.rpc(), 0, block)) {
      switch (event) {
        case LicenseEvent.LicenseMinted minted ->
            processor = processor.add(held(usdc, vault(minted.tokenId())));
        case PaymentEvent.Withdrawn withdrawn -> fees = fees.add(withdrawn.fee().toBigInteger());
        case PaymentEvent.Swept swept -> fees = fees.add(swept.fee().toBigInteger());
        case PaymentEvent.FeesCollected collected ->
            fees = fees.subtract(collected.amount().toBigInteger());
        default -> {}
      }
    }
    BigInteger kept =
        books
            .get(Entry.PAID)
            .subtract(books.get(Entry.REFUNDED))
            .subtract(books.get(Entry.WITHDRAWN))
            .add(fees);
    if (!processor.equals(kept)) {
      faults.add(
          "the vaults and PaymentProcessor hold " + processor + ", their events say " + kept);
    }
    console.line(
        "  USDC held: escrow " + escrow + ", vaults " + processor + " units = what the events say");
  }

  private Address vault(LicenseId license) {
    return PaymentProcessorCalls.vaultOf(license)
        .ask(
            world.base().rpc(),
            world.base().address(ContractName.PAYMENT_PROCESSOR),
            BlockTag.LATEST);
  }

  private static BigInteger held(Usdc usdc, Address account) {
    return usdc.balanceOf(account).toBigInteger();
  }
}
