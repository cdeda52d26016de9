package network.tachi.app.demo;

import java.net.URI;
import network.tachi.contracts.deploy.TxSender;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import org.jooq.DSLContext;

/**
 * The running system that the demo drives.
 *
 * @param run names this run; its people and domains carry it
 * @param base the settlement chain
 * @param ethereum the anchor chain
 * @param gateway where crawlers ask
 * @param api the query API
 * @param registrar says which domain claims were proven
 * @param faucet mints the local USDC
 * @param store reads all of the database
 */
public record DemoWorld(
    String run,
    DemoChain base,
    DemoChain ethereum,
    URI gateway,
    URI api,
    Signer registrar,
    Signer faucet,
    DSLContext store) {
  private static final String HUNDRED_ETHER = "0x56bc75e2d63100000";

  /** A new person of this run, with ether on both chains. */
  Actor person(String name) {
    Actor actor = Actor.of(run, name);
    for (DemoChain chain : new DemoChain[] {base, ethereum}) {
      chain
          .rpc()
          .request("anvil_setBalance", "[\"" + actor.address() + "\",\"" + HUNDRED_ETHER + "\"]");
    }
    return actor;
  }

  /** Gives USDC on the settlement chain. */
  void give(Actor actor, UsdcAmount amount) {
    TxSender sender = new Actor("faucet", faucet).on(base);
    sender.send(base.settings().usdc().address(), Usdc.mint(actor.address(), amount));
  }
}
