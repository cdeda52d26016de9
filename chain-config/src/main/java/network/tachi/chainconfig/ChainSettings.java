package network.tachi.chainconfig;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;

/**
 * One chain of a network.
 *
 * @param key its name in the file, such as {@code base}
 * @param chain its EIP-155 id
 * @param role what it is for
 * @param rpc http and https endpoints, at least one; may hold secrets, so they are never logged
 * @param heads ws and wss endpoints that announce new heads, maybe none; may hold secrets
 * @param blockTime the usual time between blocks
 * @param maxRange blocks asked for in one {@code eth_getLogs}
 * @param usdc its USDC
 * @param contracts Tachi's contracts, from the deployment file, and legacy ones
 */
public record ChainSettings(
    String key,
    ChainId chain,
    ChainRole role,
    List<URI> rpc,
    List<URI> heads,
    Duration blockTime,
    int maxRange,
    UsdcConfig usdc,
    List<ContractAt> contracts) {
  /** Copies the lists. */
  public ChainSettings {
    rpc = List.copyOf(rpc);
    heads = List.copyOf(heads);
    contracts = List.copyOf(contracts);
  }

  /** The contract of that name; empty if this chain has none. */
  public Optional<ContractAt> contract(ContractName name) {
    return contracts.stream().filter(each -> each.name() == name).findFirst();
  }

  /**
   * The address of a contract.
   *
   * @throws ConfigException if this chain has none
   */
  public Address address(ContractName name) {
    return contract(name)
        .map(ContractAt::address)
        .orElseThrow(() ->
            new ConfigException(
                "chain " + key,
                "contracts." + name.key(),
                "is not deployed; run ./tachi deploy first"));
  }

  /** These settings with the contracts of a deployment added. */
  ChainSettings with(List<ContractAt> deployed) {
    List<ContractAt> all = new java.util.ArrayList<>(contracts);
    all.addAll(deployed);
    return new ChainSettings(key, chain, role, rpc, heads, blockTime, maxRange, usdc, all);
  }

  /** These settings with other endpoints, of both kinds. */
  ChainSettings withEndpoints(List<URI> endpoints) {
    return new ChainSettings(
        key,
        chain,
        role,
        endpoints.stream().filter(uri -> !isHeads(uri)).toList(),
        endpoints.stream().filter(ChainSettings::isHeads).toList(),
        blockTime,
        maxRange,
        usdc,
        contracts);
  }

  /** Whether an endpoint only announces heads. */
  static boolean isHeads(URI uri) {
    return "ws".equals(uri.getScheme()) || "wss".equals(uri.getScheme());
  }

  /** All but the endpoints, which may hold secrets. */
  @Override
  public String toString() {
    return "ChainSettings["
        + key
        + ", chain="
        + chain
        + ", role="
        + role
        + ", contracts="
        + contracts
        + "]";
  }
}
