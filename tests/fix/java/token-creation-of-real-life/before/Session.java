import java.io.IOException;
import org.apache.commons.httpclient.HttpClient;
import org.apache.commons.httpclient.HttpStatus;
import org.apache.commons.httpclient.methods.GetMethod;
import org.apache.log4j.Logger;

public final class Session {

  private final Logger logger = Logger.getLogger(Session.class.getName());

  public final String getSessionId(final String userId, final String password, final String host) throws Exception {
    logger
        .debug("----Inside getSessionId, userId: " + userId);

    if (host == null || "".equalsIgnoreCase(host)) {
      throw new IllegalArgumentException("no host");
    }
    String loginHost = host;

    if (host.toLowerCase().startsWith("invoice")) {
      final String[] parts = host.split("\\.");
      loginHost = "accounts." + parts[1] + "." + parts[2];
    }
    final GetMethod getMethod = new GetMethod(
        "https://" + loginHost + "/apiauthtoken/nb/create?SCOPE=ZohoInvoice/invoiceapi&EMAIL_ID=" + userId + "&PASSWORD=" + password);
    final HttpClient httpclient = new HttpClient();
    try {

      /* Execute get command */
      int result = httpclient.executeMethod(getMethod);
      logger.debug("----response code: " + result + " & body: " + getMethod.getResponseBodyAsString());
      if (result == HttpStatus.SC_UNAUTHORIZED) {
        throw new IllegalStateException("Unauthorized by Zoho");
      } else {
        final String response = getMethod.getResponseBodyAsString();
        if (response != null && response.contains("RESULT=TRUE")) {
          final String sessionId = response.substring(response.indexOf("=") + 1, response.lastIndexOf("=") - 6);
          return sessionId;
        } else {
          final String reason = response.substring(response.indexOf("=") + 1, response.lastIndexOf("=") - 6);
          throw new IllegalStateException("No session id : " + reason);
        }
      }
    } catch (final IOException exception) {
      throw new IllegalStateException("Communication error", exception);
    } finally {
      /* Release connection socket */
      if (getMethod != null) {
        getMethod.releaseConnection();
      }
    }
  }
}
