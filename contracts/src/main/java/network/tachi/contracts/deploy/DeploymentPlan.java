package network.tachi.contracts.deploy;

import java.util.List;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.ContractName;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;

/**
 * What a deployment will do and where everything will stand, from its parameters alone.
 *
 * @param parameters what decides it
 * @param deploymentId wire.md section 1
 * @param settlement the steps on the settlement chain, in their order
 * @param anchor the steps on the anchor chain, in their order
 */
public record DeploymentPlan(
    DeploymentParameters parameters,
    Hash deploymentId,
    List<PlannedStep> settlement,
    List<PlannedStep> anchor) {
  /** Copies the lists. */
  public DeploymentPlan {
    settlement = List.copyOf(settlement);
    anchor = List.copyOf(anchor);
  }

  /** The steps on one of the chains. */
  public List<PlannedStep> steps(ChainRole role) {
    return switch (role) {
      case SETTLEMENT -> settlement;
      case ANCHOR -> anchor;
    };
  }

  /** The contracts that others look up, all of which have an owner. */
  public List<PlannedStep.Create> owned(ChainRole role) {
    return creations(role).stream().filter(each -> each.kind().isPresent()).toList();
  }

  /** All contracts of a chain. */
  List<PlannedStep.Create> creations(ChainRole role) {
    return steps(role).stream()
        .filter(PlannedStep.Create.class::isInstance)
        .map(PlannedStep.Create.class::cast)
        .toList();
  }

  /** Where a contract will stand. */
  Address address(ChainRole role, ContractName kind) {
    return owned(role).stream()
        .filter(each -> each.kind().filter(kind::equals).isPresent())
        .findFirst()
        .orElseThrow(() -> new DeploymentException("the plan has no " + kind.key()))
        .address();
  }
}
