import java.net.URI;
import java.net.http.HttpRequest;

public class J {
    static class ZohoAccessToken {
        static final String VALUE = System.getenv("ZOHO_AUTHTOKEN");
    }

    HttpRequest tickets() {
        return HttpRequest.newBuilder(URI.create("https://desk.zoho.com/api/v1/tickets"))
            .header("Authorization", "Zoho-authtoken " + ZohoAccessToken.VALUE)
            .build();
    }
}
