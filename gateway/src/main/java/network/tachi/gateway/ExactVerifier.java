package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.call.View;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidSignatureException;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;

/**
 * Checks an EIP-3009 authorisation against our requirement and the chain (x402 {@code exact}). The
 * last word has the chain: the very call that will settle it is simulated, and its gas counted.
 */
final class ExactVerifier {
  /**
   * The most gas that a settlement may take. We pay for it, and a contract account may burn what it
   * likes when it is asked for its signature.
   */
  static final long MAX_GAS = 400_000;

  /** Seconds an authorisation must still be valid. */
  private static final long MARGIN = 6;

  private static final Bytes EIP6492_SUFFIX =
      Bytes.parse("0x6492649264926492649264926492649264926492649264926492649264926492");

  private final Settlement settlement;
  private final Hash usdcDomain;
  private final EthRpc rpc;
  private final Address facilitator;
  private final Secp256k1 secp256k1;

  /**
   * Creates a verifier.
   *
   * @param facilitator the account that will settle
   */
  ExactVerifier(Settlement settlement, EthRpc rpc, Address facilitator, Secp256k1 secp256k1) {
    this.settlement = requireNonNull(settlement, "settlement is null");
    this.usdcDomain = settlement.usdcDomain();
    this.rpc = requireNonNull(rpc, "rpc is null");
    this.facilitator = requireNonNull(facilitator, "facilitator is null");
    this.secp256k1 = requireNonNull(secp256k1, "secp256k1 is null");
  }

  /**
   * Checks a payment.
   *
   * @return empty if it can be settled now, else the first thing wrong with it; {@link
   *     Refusal#NONCE_USED} comes only after the signature was found good, and before its window is
   *     looked at: what has paid already does not expire
   * @throws RpcException if the chain can't be asked
   */
  Optional<Refusal> verify(Credential.Exact payment, ExactRequirement requirement) {
    Authorization authorization = payment.authorization();
    return words(payment, requirement)
        .or(() -> signature(authorization, payment.signature()))
        .or(() -> money(authorization))
        .or(() -> window(authorization))
        .or(() -> simulation(payment, requirement));
  }

  private Optional<Refusal> words(Credential.Exact payment, ExactRequirement requirement) {
    Authorization a = payment.authorization();
    if (!payment.network().equals(settlement.chain())) {
      return refuse(
          Refusal.INVALID_NETWORK,
          "expected " + settlement.chain().toCaip2() + ", found " + payment.network().toCaip2());
    }
    if (!a.to().equals(requirement.payTo())) {
      return refuse(Refusal.RECIPIENT, "expected " + requirement.payTo() + ", found " + a.to());
    }
    return a.value().equals(requirement.amount())
        ? Optional.empty()
        : refuse(Refusal.VALUE, "expected " + requirement.amount() + ", found " + a.value());
  }

  private Optional<Refusal> window(Authorization a) {
    long now = rpc.block(BlockTag.LATEST).map(BlockHeader::timestamp).orElse(0L);
    if (a.validAfter().compareTo(BigInteger.valueOf(now)) > 0) {
      return refuse(
          Refusal.VALID_AFTER, "valid after " + a.validAfter() + ", the chain's time is " + now);
    }
    return a.validBefore().compareTo(BigInteger.valueOf(now + MARGIN)) < 0
        ? refuse(
            Refusal.VALID_BEFORE,
            "valid before " + a.validBefore() + ", the chain's time is " + now)
        : Optional.empty();
  }

  /**
   * ECDSA first, as it costs no call; an account with code may have other rules (EIP-1271), also
   * under EIP-7702.
   */
  private Optional<Refusal> signature(Authorization a, Bytes signature) {
    if (isEip6492(signature)) {
      return refuse(Refusal.EIP6492, "accounts that are not deployed can't pay here");
    }
    Hash digest = Eip712.digest(usdcDomain, a.transferStructHash());
    if (signature.size() == Signature.SIZE && isSignedBy(a.from(), digest, signature)) {
      return Optional.empty();
    }
    return isAcceptedBy(a.from(), digest, signature)
        ? Optional.empty()
        : refuse(Refusal.SIGNATURE, "not a signature of " + a.from() + " over this authorization");
  }

  private boolean isSignedBy(Address from, Hash digest, Bytes signature) {
    try {
      return secp256k1.verify(digest, Signature.fromBytes(signature.toArray()), from);
    } catch (InvalidSignatureException _) {
      return false;
    }
  }

  private boolean isAcceptedBy(Address account, Hash digest, Bytes signature) {
    if (rpc.code(account, BlockTag.LATEST).isEmpty()) {
      return false;
    }
    try {
      Bytes answer =
          rpc.call(
              CallRequest.to(account, SettlementCalls.isValidSignature(digest, signature)),
              BlockTag.LATEST);
      return answer.size() == Hash.SIZE && answer.slice(0, 4).equals(SettlementCalls.EIP1271_MAGIC);
    } catch (RpcException.ErrorReply _) {
      return false;
    }
  }

  private Optional<Refusal> money(Authorization a) {
    View<Boolean> used = UsdcCalls.authorizationState(a.from(), a.nonce());
    View<UsdcAmount> balanceOf = UsdcCalls.balanceOf(a.from());
    List<RpcReply<Bytes>> replies =
        rpc.rpc()
            .callAll(
                List.of(
                    EthCalls.call(CallRequest.to(settlement.usdc(), used.data()), BlockTag.LATEST),
                    EthCalls.call(
                        CallRequest.to(settlement.usdc(), balanceOf.data()), BlockTag.LATEST)));
    if (used.read(replies.get(0).orThrow())) {
      return refuse(Refusal.NONCE_USED, "the authorization was used already");
    }
    UsdcAmount balance = balanceOf.read(replies.get(1).orThrow());
    return balance.compareTo(a.value()) < 0
        ? refuse(Refusal.BALANCE, a.from() + " has " + balance + ", the price is " + a.value())
        : Optional.empty();
  }

  private Optional<Refusal> simulation(Credential.Exact payment, ExactRequirement requirement) {
    Bytes call =
        PaymentProcessorCalls.settleAuthorization(
            requirement.licenseId(), payment.authorization(), payment.signature());
    try {
      long gas = rpc.estimateGas(CallRequest.of(facilitator, settlement.paymentProcessor(), call));
      return gas <= MAX_GAS
          ? Optional.empty()
          : refuse(
              Refusal.SIMULATION, "the settlement would take " + gas + " gas, at most " + MAX_GAS);
    } catch (RpcException.ErrorReply e) {
      String reason = e.revertReason().map(Object::toString).orElse(e.nodeMessage());
      return refuse(Refusal.SIMULATION, "the settlement would fail: " + reason);
    }
  }

  private static boolean isEip6492(Bytes signature) {
    int start = signature.size() - Hash.SIZE;
    return start >= 0 && signature.slice(start, signature.size()).equals(EIP6492_SUFFIX);
  }

  private static Optional<Refusal> refuse(String code, String message) {
    return Optional.of(Refusal.of(code, message));
  }
}
