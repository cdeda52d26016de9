package network.tachi.app.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.TxSender;
import network.tachi.evm.Address;
import network.tachi.evm.Keccak;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;

/**
 * Somebody in the demo, with a key made from the name. Such keys are worth nothing outside a local
 * network.
 *
 * @param name what the demo calls it
 * @param signer its key
 */
record Actor(String name, Signer signer) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The actor of a name in one run of the demo. */
  static Actor of(String run, String name) {
    byte[] seed = ("tachi demo " + run + " " + name).getBytes(StandardCharsets.UTF_8);
    return new Actor(name, Signer.of(PrivateKey.of(Keccak.hash(seed).toBytes())));
  }

  Address address() {
    return signer.address();
  }

  /** Sends as this actor on a chain. */
  TxSender on(DemoChain chain) {
    return new DirectTxSender(chain.rpc(), chain.settings().chain(), signer, PATIENCE);
  }
}
