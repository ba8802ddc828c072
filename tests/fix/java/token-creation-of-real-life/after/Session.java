import org.apache.log4j.Logger;

public final class Session {

  private final Logger logger = Logger.getLogger(Session.class.getName());

  public final String getSessionId(final String userId, final String password, final String host) throws Exception {
    return ZohoAccessToken.get();
  }
}
