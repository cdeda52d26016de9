package network.tachi.testkit.chain;

import java.io.IOException;
import java.net.Socket;

/** Closes sockets whose end does not matter. */
final class Sockets {
  private Sockets() {}

  static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      System.getLogger(Sockets.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a socket failed", e);
    }
  }
}
