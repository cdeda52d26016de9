package network.tachi.indexer;

import network.tachi.evm.rpc.RpcException;

/** No endpoint has a method that gives receipts. */
final class ReceiptsRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReceiptsRefusedException(RpcException cause) {
    super(cause.getMessage(), cause);
  }
}
