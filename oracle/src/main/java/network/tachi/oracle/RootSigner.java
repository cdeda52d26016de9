package network.tachi.oracle;

import network.tachi.evm.Address;
import network.tachi.evm.Signature;

/** One of the n whose k signatures make a header valid. */
interface RootSigner {
  /** The account it signs with. */
  Address address();

  /**
   * Signs a header after computing it anew from the log. It signs one header an epoch and
   * generation, and gives the same signature when it is asked again.
   *
   * @throws LogFaultException if its own header differs, or it has signed another one
   */
  Signature sign(ClosedEpoch epoch);
}
