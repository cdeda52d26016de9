package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.evm.Address;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.tx.Outbox;
import network.tachi.tx.TxRequest;
import network.tachi.tx.TxStatus;

/**
 * Keeps the operator's bond at what the growth of unfinalised headers asks for. A deposit is
 * numbered, and the next number is used only after the last one has ended; so a crash never
 * deposits twice.
 */
final class BondKeeper {
  private static final String APPROVE = "bond-approve";
  private static final String DEPOSIT = "bond-deposit";
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final OracleStore store;
  private final Outbox outbox;
  private final EthRpc rpc;
  private final LedgerReader ledger;
  private final Deployment deployment;
  private final Address usdc;
  private final Address sender;
  private final UsdcAmount topUp;
  private final InstantSource clock;
  private Instant notBefore = Instant.MIN;

  /**
   * Keeps a bond.
   *
   * @param sender who deposits
   * @param topUp the least amount of a deposit; zero to never deposit
   */
  BondKeeper(
      OracleStore store,
      Outbox outbox,
      EthRpc rpc,
      LedgerReader ledger,
      Deployment deployment,
      Address usdc,
      Address sender,
      UsdcAmount topUp,
      InstantSource clock) {
    this.store = requireNonNull(store, "store is null");
    this.outbox = requireNonNull(outbox, "outbox is null");
    this.rpc = requireNonNull(rpc, "rpc is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    this.deployment = requireNonNull(deployment, "deployment is null");
    this.usdc = requireNonNull(usdc, "usdc is null");
    this.sender = requireNonNull(sender, "sender is null");
    this.topUp = requireNonNull(topUp, "topUp is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * Sees to it that the bond is large enough, and at least one top-up.
   *
   * @param required what it must cover
   * @return why it is not yet; empty if it is
   */
  Optional<String> ensure(UsdcAmount required) {
    // The deposits are looked at before the bond, so that one that was just mined counts in both.
    long next = 1;
    boolean failed = false;
    for (Optional<TxStatus> last = status(next); last.isPresent(); last = status(++next)) {
      failed = last.get().failed();
      if (!failed && !last.get().state().isIncluded()) {
        return shortage(required, "deposit " + next + " is under way");
      }
    }
    UsdcAmount missing = missing(required.max(topUp));
    if (missing.isZero() || topUp.isZero()) {
      return shortage(required, "it is not topped up");
    }
    if (failed && clock.instant().isBefore(notBefore)) {
      return shortage(required, "deposit " + (next - 1) + " failed");
    }
    UsdcAmount amount = topUp.max(missing);
    UsdcAmount balance = UsdcCalls.balanceOf(sender).ask(rpc, usdc, BlockTag.LATEST);
    if (balance.compareTo(amount) < 0) {
      return shortage(required, sender + " has " + balance + ", too little to add " + amount);
    }
    notBefore = clock.instant().plus(PAUSE);
    deposit(Long.toString(next), amount);
    return shortage(required, "deposit " + next + " of " + amount + " was queued");
  }

  private UsdcAmount missing(UsdcAmount wanted) {
    UsdcAmount bond = ledger.bond();
    return bond.compareTo(wanted) >= 0 ? UsdcAmount.ZERO : wanted.minus(bond);
  }

  private Optional<String> shortage(UsdcAmount required, String what) {
    UsdcAmount missing = missing(required);
    return missing.isZero()
        ? Optional.empty()
        : Optional.of("the bond lacks " + missing + " of " + required + "; " + what);
  }

  private void deposit(String key, UsdcAmount amount) {
    var approval = UsdcCalls.approve(deployment.meteringLedger(), amount);
    var deposit = MeteringLedgerCalls.depositBond(amount);
    store.commit(tx -> {
      outbox.enqueue(
          tx, TxRequest.call(deployment.settlementChain(), APPROVE, key, usdc, approval));
      outbox.enqueue(
          tx,
          TxRequest.call(
              deployment.settlementChain(), DEPOSIT, key, deployment.meteringLedger(), deposit));
      return key;
    });
    outbox.wake();
  }

  private Optional<TxStatus> status(long number) {
    return outbox.status(deployment.settlementChain(), DEPOSIT, Long.toString(number));
  }
}
