package network.tachi.app.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import network.tachi.app.UserError;

/**
 * Where the parts of a local network listen, all on loopback.
 *
 * @param base anvil with Base Sepolia's chain id
 * @param ethereum anvil with Sepolia's chain id
 * @param postgres the embedded database
 * @param gateway the paid-content gateway
 * @param queryApi REST and gRPC
 * @param oracle gRPC of the metering oracle
 * @param admin health and metrics of all roles
 * @param site the demo publishers' own site, behind the gateway
 */
public record Ports(
    int base,
    int ethereum,
    int postgres,
    int gateway,
    int queryApi,
    int oracle,
    int admin,
    int site) {
  /** The ports used when nothing else is asked for, each raised by an offset. */
  public static Ports withOffset(int offset) {
    return new Ports(
        8545 + offset,
        8546 + offset,
        5442 + offset,
        8402 + offset,
        8080 + offset,
        8081 + offset,
        9090 + offset,
        8403 + offset);
  }

  /**
   * Checks that a port can be listened on.
   *
   * @throws UserError if something else listens there
   */
  static void requireFree(int port, String what) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UserError(
          "port "
              + port
              + " ("
              + what
              + ") is in use by another program: stop it, or move all ports with --port-offset N",
          e);
    }
  }
}
