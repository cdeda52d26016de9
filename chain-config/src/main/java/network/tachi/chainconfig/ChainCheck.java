package network.tachi.chainconfig;

import network.tachi.evm.Abi;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;

/** Holds a chain against its configuration, once, before a role starts to use it. */
public final class ChainCheck {
  private ChainCheck() {}

  /**
   * Checks the chain id, that every configured contract has code, and that USDC's domain separator
   * on chain is the configured one.
   *
   * @throws ChainMismatchException if anything differs
   * @throws RpcException if the node can't be asked
   */
  public static void run(ChainSettings chain, EthRpc rpc) {
    checkChainId(chain, rpc);
    for (ContractAt contract : chain.contracts()) {
      if (rpc.code(contract.address(), BlockTag.LATEST).isEmpty()) {
        throw new ChainMismatchException(
            chain, contract.name().key(), "a contract at " + contract.address(), "no code");
      }
    }
    checkUsdc(chain, rpc);
  }

  /**
   * Checks the chain id alone.
   *
   * @throws ChainMismatchException if it differs
   */
  public static void checkChainId(ChainSettings chain, EthRpc rpc) {
    ChainId found = rpc.chainId();
    if (!found.equals(chain.chain())) {
      throw new ChainMismatchException(chain, "chain id", chain.chain(), found);
    }
  }

  private static void checkUsdc(ChainSettings chain, EthRpc rpc) {
    UsdcConfig usdc = chain.usdc();
    Hash expected = usdc.domainSeparator(chain.chain());
    String what = "DOMAIN_SEPARATOR of USDC at " + usdc.address();
    Bytes answer;
    try {
      answer =
          rpc.call(CallRequest.to(usdc.address(), Abi.call("DOMAIN_SEPARATOR")), BlockTag.LATEST);
    } catch (RpcException.ErrorReply e) {
      throw new ChainMismatchException(chain, what, expected, e.nodeMessage());
    }
    if (answer.size() != Hash.SIZE || !Hash.of(answer.toArray()).equals(expected)) {
      throw new ChainMismatchException(
          chain,
          what,
          expected + " (name " + usdc.name() + ", version " + usdc.version() + ")",
          answer.isEmpty() ? "no code" : answer);
    }
  }
}
