package network.tachi.contracts.deploy;

import network.tachi.contracts.web3j.Usdc;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;

/**
 * Puts a USDC on a local anvil chain at the address the real one has, with the real one's EIP-712
 * domain. Safe to run twice. Works on anvil only, as it sets code.
 */
public final class LocalUsdcInstaller {
  /** Who may upgrade the proxy and, as with Circle's, do nothing else. Nobody holds its key. */
  private static final Address PROXY_ADMIN =
      Address.parse("0x00000000000000000000000000000000000000ad");

  private static final Hash SALT = Keccak.hash("tachi.local-usdc.v1");
  private static final Hash IMPLEMENTATION_SLOT =
      Keccak.hash("org.zeppelinos.proxy.implementation");

  private final EthRpc rpc;
  private final ChainId chain;
  private final TxSender owner;
  private final DeployListener listener;

  /**
   * Creates an installer.
   *
   * @param owner becomes owner, master minter, pauser, blacklister and minter of the token
   */
  public LocalUsdcInstaller(EthRpc rpc, ChainId chain, TxSender owner, DeployListener listener) {
    this.rpc = rpc;
    this.chain = chain;
    this.owner = owner;
    this.listener = listener;
  }

  /**
   * Installs the token.
   *
   * @param usdc where; the real token's address on the chain whose id the local one has
   * @param name the token's name, part of its EIP-712 domain: {@code USDC} on the test networks
   * @throws DeploymentException if other code stands there, or the domain comes out different
   */
  public void install(Address usdc, String name) {
    Create2Factory.require(rpc);
    boolean changed = installProxy(usdc);
    changed |= initialise(usdc, name);
    if (new Usdc(rpc, usdc).minterAllowance(owner.address()).bitLength() < Long.SIZE) {
      owner.send(usdc, Usdc.configureMinter(owner.address(), UsdcAmount.MAX));
      changed = true;
    }
    listener.step(chain, "local USDC at " + usdc, changed);
  }

  private boolean installProxy(Address usdc) {
    Artifact proxy = Artifact.load(Contracts.LOCAL_USDC_PROXY);
    Bytes found = rpc.code(usdc, BlockTag.LATEST);
    if (!found.isEmpty() && !proxy.isRuntime(found)) {
      throw new DeploymentException("there is other code at " + usdc + " on chain " + chain);
    }
    if (found.isEmpty()) {
      rpc.request("anvil_setCode", "[\"" + usdc + "\",\"" + proxy.runtime() + "\"]");
    }
    return found.isEmpty();
  }

  private boolean initialise(Address usdc, String name) {
    boolean fresh = rpc.storage(usdc, IMPLEMENTATION_SLOT, BlockTag.LATEST).isZero();
    if (fresh) {
      owner.send(usdc, Usdc.install(implementation(), PROXY_ADMIN));
    }
    Hash expected = Eip712.domainSeparator(name, "2", chain, usdc);
    Usdc token = new Usdc(rpc, usdc);
    boolean named = expected.equals(token.domainSeparator());
    if (!named) {
      owner.send(usdc, Usdc.initialize(name, owner.address()));
      Hash separator = token.domainSeparator();
      if (!separator.equals(expected)) {
        throw new DeploymentException(
            "USDC's domain separator: expected " + expected + ", found " + separator);
      }
    }
    return fresh || !named;
  }

  private Address implementation() {
    Bytes initCode = Artifact.load(Contracts.LOCAL_USDC).initCode();
    Address address = Create2Factory.address(SALT, initCode);
    if (rpc.code(address, BlockTag.LATEST).isEmpty()) {
      owner.send(Create2Factory.ADDRESS, Create2Factory.callData(SALT, initCode));
    }
    return address;
  }
}
