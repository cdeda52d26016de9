package network.tachi.contracts.deploy;

import java.util.function.Function;
import network.tachi.chainconfig.ContractName;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.rpc.EthRpc;

/** The steps of a deployment on one chain, to be done or only to be written down. */
interface ChainSteps {
  /** A contract that others look up; where it stands. */
  Address deploy(ContractName kind, String name, AbiValue... arguments);

  /** A contract that only another contract calls; where it stands. */
  Address deployPart(String name, AbiValue... arguments);

  /**
   * Sets an address that can be set once.
   *
   * @param contract which has the setting
   * @param setting its name, for messages
   * @param reading what it is; zero if it is not set
   * @param expected what it must be
   * @param call sets it; only the admin may
   */
  void wire(
      Address contract,
      String setting,
      Function<EthRpc, Address> reading,
      Address expected,
      Bytes call,
      Address admin);
}
