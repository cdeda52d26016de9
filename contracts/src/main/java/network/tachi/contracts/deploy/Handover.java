package network.tachi.contracts.deploy;

import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.EthRpc;

/**
 * Hands contracts to a new owner in two steps (OpenZeppelin's {@code Ownable2Step}): the admin
 * proposes, and only when the new owner accepts does the admin lose its power. A wrong address can
 * so never take a contract away for good.
 */
public final class Handover {
  /** What the new owner sends to accept. */
  public static final Bytes ACCEPT = Abi.call("acceptOwnership");

  /**
   * An acceptance that is still missing.
   *
   * @param chain where
   * @param name the contract's name
   * @param contract which the new owner must call with {@link #ACCEPT}
   */
  public record Missing(ChainId chain, String name, Address contract) {}

  private final Address newOwner;

  /** A hand-over to an account, mostly a multisig. */
  public Handover(Address newOwner) {
    this.newOwner = newOwner;
  }

  /** The call that proposes the new owner. */
  Bytes proposal() {
    return Abi.call("transferOwnership", Abi.address(newOwner));
  }

  /** Whether a contract is the new owner's, or proposed to it. */
  boolean isProposed(EthRpc rpc, Address contract) {
    return newOwner.equals(Readings.address(rpc, contract, "owner"))
        || newOwner.equals(Readings.address(rpc, contract, "pendingOwner"));
  }

  /**
   * Proposes the new owner wherever it is not yet proposed.
   *
   * @return what the new owner must still accept
   * @throws DeploymentException if a contract has an owner that can't propose
   */
  public List<Missing> propose(
      List<PlannedStep.Create> contracts, ChainTarget target, DeployListener listener) {
    List<Missing> missing = new ArrayList<>();
    for (PlannedStep.Create contract : contracts) {
      Address address = contract.address();
      boolean proposed = isProposed(target.rpc(), address);
      Address owner = Readings.address(target.rpc(), address, "owner");
      if (!proposed) {
        if (!owner.equals(target.sender().address())) {
          throw new DeploymentException(
              contract.title() + " belongs to " + owner + ", which alone can hand it over");
        }
        target.sender().send(address, proposal());
      }
      boolean accepted = owner.equals(newOwner);
      listener.step(
          target.chain(),
          contract.name() + (accepted ? " belongs to " : " is proposed to ") + newOwner,
          !proposed);
      if (!accepted) {
        missing.add(new Missing(target.chain(), contract.name(), address));
      }
    }
    return missing;
  }
}
