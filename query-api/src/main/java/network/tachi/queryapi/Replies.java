package network.tachi.queryapi;

import io.grpc.stub.StreamObserver;

/** Sends unary answers. */
final class Replies {
  private Replies() {}

  static <T> void send(StreamObserver<T> observer, T answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }
}
