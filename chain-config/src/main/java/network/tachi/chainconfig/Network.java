package network.tachi.chainconfig;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.evm.Hash;

/**
 * A network: its chains and what is deployed on them.
 *
 * @param name {@code base}, {@code base-sepolia}, {@code ethereum}, {@code sepolia} or {@code
 *     local}, or several joined by a comma
 * @param chains its chains
 * @param deploymentId wire.md section 1; empty until something is deployed
 */
public record Network(String name, List<ChainSettings> chains, Optional<Hash> deploymentId) {
  /** The networks that come with Tachi. */
  public static final List<String> NAMES =
      List.of("base", "base-sepolia", "ethereum", "sepolia", "local");

  /** Copies the list. */
  public Network {
    chains = List.copyOf(chains);
  }

  /**
   * Loads networks that come with Tachi, changed by the environment, with the addresses of their
   * deployment file if there is one.
   *
   * @param names one or several of {@link #NAMES}, joined by a comma, such as {@code base,ethereum}
   * @param environment overrides: {@code TACHI_<CHAIN>_<KEY>}, such as {@code TACHI_BASE_RPC};
   *     dashes become underscores
   * @param deployments folder of deployment files, {@code <names>.yaml}
   * @throws ConfigException if anything in the file or the environment is wrong
   */
  public static Network load(String names, Map<String, String> environment, Path deployments) {
    Network network = bare(names, environment);
    Path file = deploymentFile(deployments, names);
    return Files.exists(file) ? network.with(Deployment.read(file)) : network;
  }

  /**
   * Loads networks as {@link #load} does, without what is deployed on them.
   *
   * @throws ConfigException if anything in the file or the environment is wrong
   */
  public static Network bare(String names, Map<String, String> environment) {
    List<ChainSettings> chains = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      if (!NAMES.contains(name)) {
        throw new ConfigException("network", name, "is unknown" + Suggestion.of(name, NAMES));
      }
      chains.addAll(NetworkFile.read(name, environment));
    }
    return new Network(names, chains, Optional.empty());
  }

  /** Where the deployment file of a network is. */
  public static Path deploymentFile(Path deployments, String names) {
    return deployments.resolve(names.replace(',', '+') + ".yaml");
  }

  /**
   * This network with a deployment's addresses.
   *
   * @throws ConfigException if the deployment is of another network
   */
  public Network with(Deployment deployment) {
    if (!deployment.network().equals(name)) {
      throw new ConfigException("deployment", "network", name, deployment.network());
    }
    List<ChainSettings> deployed =
        chains.stream()
            .map(chain ->
                Optional.ofNullable(deployment.contracts().get(chain.chain()))
                    .map(chain::with)
                    .orElse(chain))
            .toList();
    return new Network(name, deployed, Optional.of(deployment.deploymentId()));
  }

  /**
   * The chain of a role.
   *
   * @throws ConfigException if there is none
   */
  public ChainSettings chain(ChainRole role) {
    return chains.stream()
        .filter(each -> each.role() == role)
        .findFirst()
        .orElseThrow(() ->
            new ConfigException(
                "network " + name, "chains", "a chain with role " + role.key(), "none"));
  }

  /** The chain that carries credits and claims. */
  public ChainSettings settlement() {
    return chain(ChainRole.SETTLEMENT);
  }

  /** The chain that carries anchored headers. */
  public ChainSettings anchor() {
    return chain(ChainRole.ANCHOR);
  }

  /**
   * This network with other endpoints for a chain: http and https ones, and ws and wss ones that
   * announce heads.
   */
  public Network withRpc(String chainKey, List<URI> rpc) {
    List<ChainSettings> changed =
        chains.stream()
            .map(chain -> chain.key().equals(chainKey) ? chain.withEndpoints(rpc) : chain)
            .toList();
    return new Network(name, changed, deploymentId);
  }
}
