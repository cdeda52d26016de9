package network.tachi.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import network.tachi.app.local.Ports;

/** Ports that nobody listens on. */
final class FreePorts {
  private static final int COUNT = 8;

  private FreePorts() {}

  static Ports take() throws IOException {
    List<Integer> free = new ArrayList<>();
    take(free);
    return new Ports(
        free.get(0),
        free.get(1),
        free.get(2),
        free.get(3),
        free.get(4),
        free.get(5),
        free.get(6),
        free.get(7));
  }

  /** Holds each port until all are found, so that none is found twice. */
  private static void take(List<Integer> free) throws IOException {
    if (free.size() == COUNT) {
      return;
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free.add(socket.getLocalPort());
      take(free);
    }
  }
}
