package network.tachi.contracts.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.ContractName;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;

/** The steps on one chain. Each looks at the chain first and does only what is missing. */
final class ChainDeployer implements ChainSteps {
  private static final System.Logger LOG = System.getLogger(ChainDeployer.class.getName());

  private final ChainTarget target;
  private final Hash salt;
  private final DeployListener listener;
  private final List<ContractAt> contracts = new ArrayList<>();

  ChainDeployer(ChainTarget target, Hash salt, DeployListener listener) {
    this.target = target;
    this.salt = salt;
    this.listener = listener;
  }

  /** Checks that the node is of the right chain and that the chain has what a deployment needs. */
  void check() {
    ChainId found = target.rpc().chainId();
    if (!found.equals(target.chain())) {
      throw new DeploymentException(
          "expected a node of chain " + target.chain() + ", found one of chain " + found);
    }
    Create2Factory.require(target.rpc());
    if (target.rpc().code(target.usdc(), BlockTag.LATEST).isEmpty()) {
      throw new DeploymentException(
          "chain " + target.chain() + " has no USDC contract at " + target.usdc());
    }
  }

  /** Deploys a contract unless it is there, checks its code either way, and records where it is. */
  @Override
  public Address deploy(ContractName kind, String name, AbiValue... arguments) {
    Placed placed = place(name, arguments);
    contracts.add(new ContractAt(kind, placed.address(), placed.block()));
    return placed.address();
  }

  /** As {@link #deploy}, for code that only another contract calls and that no one looks up. */
  @Override
  public Address deployPart(String name, AbiValue... arguments) {
    return place(name, arguments).address();
  }

  private Placed place(String name, AbiValue... arguments) {
    Artifact artifact = Artifact.load(name);
    Bytes initCode = artifact.initCode(arguments);
    Address address = Create2Factory.address(salt, initCode);
    boolean missing = code(address).isEmpty();
    long block;
    if (missing) {
      Bytes data = Create2Factory.callData(salt, initCode);
      block = target.sender().send(Create2Factory.ADDRESS, data).blockNumber();
    } else {
      block = firstBlock(address);
    }
    if (!artifact.isRuntime(code(address))) {
      throw new DeploymentException(
          "the code at "
              + address
              + " on chain "
              + target.chain()
              + " is not that of "
              + name
              + (missing ? "; the deployment transaction left none" : ""));
    }
    listener.step(target.chain(), name + " at " + address, missing);
    return new Placed(address, block);
  }

  @Override
  public void wire(
      Address contract,
      String setting,
      Function<EthRpc, Address> reading,
      Address expected,
      Bytes call,
      Address admin) {
    Address found = reading.apply(target.rpc());
    if (found.isZero()) {
      if (!target.sender().address().equals(admin)) {
        throw new DeploymentException(
            setting
                + " of "
                + contract
                + " on chain "
                + target.chain()
                + " is not set: only the admin "
                + admin
                + " can, by a transaction with data "
                + call
                + "; then deploy again");
      }
      target.sender().send(contract, call);
    } else if (!found.equals(expected)) {
      throw new DeploymentException(
          setting
              + " of "
              + contract
              + " on chain "
              + target.chain()
              + ": expected "
              + expected
              + ", found "
              + found);
    }
    listener.step(target.chain(), setting + " is " + expected, found.isZero());
  }

  /** The contracts that stand, in the order of their deployment. */
  List<ContractAt> contracts() {
    return List.copyOf(contracts);
  }

  /** Where a contract stands, and since which block. */
  private record Placed(Address address, long block) {}

  private Bytes code(Address address) {
    return target.rpc().code(address, BlockTag.LATEST);
  }

  /**
   * The first block after which the contract has code; 0 if the node keeps no state of old blocks.
   */
  private long firstBlock(Address address) {
    EthRpc rpc = target.rpc();
    long low = 0;
    long high = rpc.blockNumber();
    try {
      while (low < high) {
        long middle = (low + high) >>> 1;
        if (rpc.code(address, BlockRef.number(middle)).isEmpty()) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    } catch (RpcException.ErrorReply e) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "chain {0}: the node keeps no state of old blocks, the creation block of {1} is unknown:"
              + " {2}",
          target.chain(),
          address,
          e.nodeMessage());
      return 0;
    }
  }
}
