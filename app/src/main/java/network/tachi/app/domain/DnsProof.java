package network.tachi.app.domain;

import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a claim in the domain's TXT records: {@code _tachi.<domain>} holds {@code
 * tachi-license=<claim>}. Records are compared whole, and only under a name that the domain's owner
 * alone can make.
 */
public final class DnsProof {
  private static final String LABEL = "_tachi.";
  private static final String KEY = "tachi-license=";
  private static final String FIRST_TIMEOUT_MS = "2000";
  private static final String TRIES = "3";
  private final String server;

  /**
   * A look by one resolver.
   *
   * @param server {@code host} or {@code host:port}; empty for the system's
   */
  public DnsProof(String server) {
    this.server = server;
  }

  /** The record that a domain needs. */
  public static String record(DomainClaim claim) {
    return LABEL + claim.domain().text() + ". TXT \"" + KEY + claim.text() + "\"";
  }

  /**
   * Looks once.
   *
   * <p>By JNDI, which other providers made infamous: the provider and its address are fixed here,
   * and the one for DNS makes no objects of what it reads, only text. JNDI demands a Hashtable.
   */
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  public Proof look(DomainClaim claim) {
    String name = LABEL + claim.domain().text();
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, server.isEmpty() ? "dns:" : "dns://" + server);
    environment.put("com.sun.jndi.dns.timeout.initial", FIRST_TIMEOUT_MS);
    environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
    String where = "TXT of " + name + (server.isEmpty() ? "" : " by " + server);
    try {
      DirContext dns = new InitialDirContext(environment);
      try {
        return compare(
            dns.getAttributes(name + ".", new String[] {"TXT"}).get("TXT"), where, claim);
      } finally {
        dns.close();
      }
    } catch (NameNotFoundException _) {
      return Proof.absent(where + ": there is no such name");
    } catch (NamingException e) {
      return Proof.unknown(where + ": no answer (" + e.getMessage() + ")");
    }
  }

  private static Proof compare(@Nullable Attribute records, String where, DomainClaim claim)
      throws NamingException {
    if (records == null) {
      return Proof.absent(where + ": no TXT record");
    }
    int others = 0;
    NamingEnumeration<?> all = records.getAll();
    while (all.hasMore()) {
      if (String.valueOf(all.next()).equals(KEY + claim.text())) {
        return Proof.proven(where + ": names the licence");
      }
      others++;
    }
    return Proof.absent(where + ": " + others + " records, none names this licence");
  }
}
