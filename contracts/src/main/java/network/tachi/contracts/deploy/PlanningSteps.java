package network.tachi.contracts.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import network.tachi.chainconfig.ContractName;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.EthRpc;

/** Writes steps down and does none. */
final class PlanningSteps implements ChainSteps {
  private final Hash salt;
  private final List<PlannedStep> steps = new ArrayList<>();

  PlanningSteps(Hash salt) {
    this.salt = salt;
  }

  @Override
  public Address deploy(ContractName kind, String name, AbiValue... arguments) {
    return create(Optional.of(kind), name, arguments);
  }

  @Override
  public Address deployPart(String name, AbiValue... arguments) {
    return create(Optional.empty(), name, arguments);
  }

  private Address create(Optional<ContractName> kind, String name, AbiValue... arguments) {
    Bytes initCode = Artifact.load(name).initCode(arguments);
    Address address = Create2Factory.address(salt, initCode);
    steps.add(new PlannedStep.Create(kind, name, address, Create2Factory.callData(salt, initCode)));
    return address;
  }

  @Override
  public void wire(
      Address contract,
      String setting,
      Function<EthRpc, Address> reading,
      Address expected,
      Bytes call,
      Address admin) {
    steps.add(new PlannedStep.Set(contract, setting, expected, call));
  }

  List<PlannedStep> steps() {
    return List.copyOf(steps);
  }
}
