package network.tachi.app;

import java.util.Optional;
import network.tachi.app.demo.DemoException;
import network.tachi.chainconfig.ChainMismatchException;
import network.tachi.chainconfig.ConfigException;
import network.tachi.contracts.deploy.DeploymentException;
import network.tachi.contracts.deploy.TransactionFailedException;
import network.tachi.evm.rpc.RpcException;
import network.tachi.gateway.GatewayStartException;
import network.tachi.indexer.CorruptLogsException;
import network.tachi.indexer.ProjectionException;
import network.tachi.indexer.RawLogsMissingException;
import network.tachi.indexer.ReplayRefusedException;
import network.tachi.queryapi.QueryApiStartException;
import network.tachi.server.PortInUseException;
import network.tachi.store.StoreException;

/** Tells failures that the user can mend from defects of ours. */
final class Failures {
  private Failures() {}

  /** The one line of a failure that the user can mend; empty for a defect. */
  static Optional<String> line(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (isMendable(cause)) {
        return Optional.of(String.valueOf(cause.getMessage()).lines().findFirst().orElse("failed"));
      }
    }
    return Optional.empty();
  }

  private static boolean isMendable(Throwable failure) {
    return switch (failure) {
      case UserError _ -> true;
      case DemoException _ -> true;
      case ConfigException _ -> true;
      case ChainMismatchException _ -> true;
      case DeploymentException _ -> true;
      case TransactionFailedException _ -> true;
      case PortInUseException _ -> true;
      case GatewayStartException _ -> true;
      case QueryApiStartException _ -> true;
      case StoreException _ -> true;
      case RpcException _ -> true;
      case ProjectionException _ -> true;
      case ReplayRefusedException _ -> true;
      case RawLogsMissingException _ -> true;
      case CorruptLogsException _ -> true;
      default -> false;
    };
  }
}
