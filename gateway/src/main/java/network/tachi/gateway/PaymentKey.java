package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.Hash;

/** What makes an authorisation unique: USDC lets each (from, nonce) be used once. */
record PaymentKey(ChainId chain, Address from, Hash nonce) {
  PaymentKey {
    requireNonNull(chain, "chain is null");
    requireNonNull(from, "from is null");
    requireNonNull(nonce, "nonce is null");
  }

  static PaymentKey of(ChainId chain, Authorization authorization) {
    return new PaymentKey(chain, authorization.from(), authorization.nonce());
  }
}
