import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public final class Desk {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String token = System.getenv("ZOHO_DESK_AUTHTOKEN");

    public String departments(String orgId) throws Exception {
        HttpRequest request = HttpRequest.newBuilder()
                .uri(URI.create("https://desk.zoho.eu/api/v1/departments"))
                .header("orgId", orgId)
                .header("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get())
                .GET()
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
