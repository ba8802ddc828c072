import org.springframework.web.reactive.function.client.WebClient;

public class Items {
    private final WebClient client = WebClient.create("https://books.zoho.com/api/v3");

    public String list(String token) {
        return client.get()
                .uri(uri -> uri.path("/items").queryParam("page", 1).build())
                .header("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get())
                .retrieve()
                .bodyToMono(String.class)
                .block();
    }

    public String one(String token, String id) {
        return client.get().uri("/items/" + id).header("Authorization", "Zoho-oauthtoken " + ZohoAccessToken.get()).retrieve().bodyToMono(String.class).block();
    }
}
