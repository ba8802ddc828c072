import java.net.HttpURLConnection;
import java.net.URL;

public class Sync {
    private String apiAuthToken = "b0a710adfee1dead5ca1ab1e0ddba115";

    HttpURLConnection own(String path) throws Exception {
        HttpURLConnection con = (HttpURLConnection) new URL("https://api.example.com/v2" + path).openConnection();
        con.setRequestProperty("Authorization", apiAuthToken);
        return con;
    }

    HttpURLConnection desk(String path) throws Exception {
        HttpURLConnection con = (HttpURLConnection) new URL("https://desk.zoho.com/api/v1" + path).openConnection();
        con.setRequestProperty("orgId", "2389290");
        con.setRequestProperty("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get());
        return con;
    }
}
