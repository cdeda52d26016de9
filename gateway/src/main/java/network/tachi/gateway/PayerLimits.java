package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Consumer;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.evm.Address;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Reserves authorisations as far as their payer can pay for all of them. Each one by itself may be
 * covered by one balance that pays for a single one; the others would revert at our cost.
 */
final class PayerLimits {
  /** Payments of one payer that may be under way at a time, as it may still move its money away. */
  static final int MAX_UNDER_WAY = 64;

  private final Database database;
  private final Authorizations authorizations;
  private final Settlement settlement;
  private final EthRpc rpc;

  PayerLimits(Database database, Authorizations authorizations, Settlement settlement, EthRpc rpc) {
    this.database = requireNonNull(database, "database is null");
    this.authorizations = requireNonNull(authorizations, "authorizations is null");
    this.settlement = requireNonNull(settlement, "settlement is null");
    this.rpc = requireNonNull(rpc, "rpc is null");
  }

  /**
   * Reserves an authorisation; false if somebody else has it.
   *
   * @param paid whether it was settled already, so that there is nothing to fear
   * @param then what goes into the same transaction
   * @throws network.tachi.server.ApiException 503 if the payer's other payments leave no room
   */
  boolean reserve(Authorizations.Wanted wanted, boolean paid, Consumer<DSLContext> then) {
    Optional<Boolean> reserved = attempt(wanted, paid, null, then);
    return reserved.isPresent()
        ? reserved.get()
        : attempt(wanted, paid, balance(wanted.key().from()), then).orElse(false);
  }

  /** Empty if the balance has to be known. */
  private Optional<Boolean> attempt(
      Authorizations.Wanted wanted,
      boolean paid,
      @Nullable UsdcAmount balance,
      Consumer<DSLContext> then) {
    return database.transaction(tx -> {
      if (!paid && !fits(tx, wanted, balance)) {
        return Optional.empty();
      }
      boolean reserved = authorizations.reserve(tx, wanted);
      if (reserved) {
        then.accept(tx);
      }
      return Optional.of(reserved);
    });
  }

  /**
   * False if that can't be told without the balance. Locks the payer until the transaction ends.
   */
  private boolean fits(DSLContext tx, Authorizations.Wanted wanted, @Nullable UsdcAmount balance) {
    tx.execute("SELECT pg_advisory_xact_lock(?)", lock(wanted.key().from()));
    Authorizations.UnderWay others = authorizations.underWay(tx, wanted.key());
    if (others.count() == 0) {
      return true;
    }
    if (balance == null && others.count() < MAX_UNDER_WAY) {
      return false;
    }
    UsdcAmount needed = others.value().plus(wanted.authorization().value());
    if (balance == null || others.count() >= MAX_UNDER_WAY || needed.compareTo(balance) > 0) {
      throw GatewayErrors.tryAgain(
          "other payments of "
              + wanted.key().from()
              + " are under way and leave no room for this one; nothing was charged");
    }
    return true;
  }

  private static long lock(Address payer) {
    return new BigInteger(Keccak.hash(payer.toBytes()).toBytes()).longValue();
  }

  private UsdcAmount balance(Address payer) {
    try {
      return UsdcCalls.balanceOf(payer).ask(rpc, settlement.usdc(), BlockTag.LATEST);
    } catch (RpcException e) {
      throw GatewayErrors.tryAgain("the chain can't be asked now; nothing was charged", e);
    }
  }
}
