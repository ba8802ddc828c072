import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URL;

public class BooksClient {
    private static final String BASE_URL = "https://books.zoho.com/api/v3";
    private final String token;

    public BooksClient(String token) {
        this.token = token;
    }

    public String invoices(String organizationId) throws IOException {
        StringBuilder url = new StringBuilder(BASE_URL);
        url.append("/invoices");
        url.append("?organization_id=").append(organizationId);

        HttpURLConnection con = (HttpURLConnection) new URL(url.toString()).openConnection();
        con.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.getOrFail());
        BufferedReader reader = new BufferedReader(new InputStreamReader(con.getInputStream()));
        StringBuilder body = new StringBuilder();
        for (String line; (line = reader.readLine()) != null; ) {
            body.append(line);
        }
        return body.toString();
    }
}
